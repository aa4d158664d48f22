"""What needs a person, most urgent first: full zones, silent phones, conflicts, stuck runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import exists

from voelgoed.catalog.event import Event
from voelgoed.control.picture import Bar, Need, Picture, ZonePicture
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web.words import plural
from voelgoed.foundation.workflow.journal import RunStuck
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.conflict import Conflict, ConflictClosure
from voelgoed.scanning.deed_review import waiting
from voelgoed.scanning.phones import Phone

LEVELS = ((100, "stop", "is full", "Stop entry there."), (95, "stop", "is at", "Be ready to stop entry."),
          (90, "wait", "is at", "Call the supervisor."), (80, "wait", "is at", "Filling up."))  # fmt: skip
STOP_FROM = 95
URGENCY = {"stop": 0, "wait": 1, "note": 2}


def needs(event: Event, picture: Picture) -> list[Need]:
    """Return what needs a person now."""
    found = [*_zones(picture), *_phones(event, picture), *_conflicts(event), *_runs()]
    return sorted(found, key=lambda need: URGENCY[need.kind])


def _zones(picture: Picture) -> Iterator[Need]:
    if picture.whole.bodies > picture.whole.capacity:
        yield _excess(picture, "The venue", picture.whole)
    for zone in picture.zones:
        if zone.bar.bodies > zone.bar.capacity:
            yield _excess(picture, zone.name, zone.bar, zone_id=zone.id)
            continue
        for level, kind, says, what in LEVELS:
            if zone.bar.percent >= level:
                yield _zone(picture, zone, kind, says, what)
                break


def _excess(picture: Picture, name: str, bar: Bar, **where: object) -> Need:
    """More than certified are inside: phones without network judge by the last figure that they heard."""
    over = bar.bodies - bar.capacity
    detail = "Let in by phones without network, or on a supervisor's word. Stop entry there."
    return Need("stop", f"{name} holds {plural(over, 'person', 'people')} too many", detail, "Stop entry there",
                "entry.ask", {"event_id": picture.event_id, **where})  # fmt: skip


def _zone(picture: Picture, zone: ZonePicture, kind: str, says: str, what: str) -> Need:
    share = "" if says == "is full" else f" {zone.bar.percent:.0f}%"
    soon = f"Full in about {zone.full_in} min at this rate. " if zone.full_in is not None else ""
    title = f"{zone.name} {says}{share}"
    if zone.bar.percent < STOP_FROM:
        return Need(kind, title, soon + what, "See the phones there", "devices.index", {"event_id": picture.event_id})
    where: dict[str, object] = {"event_id": picture.event_id, "zone_id": zone.id}
    return Need(kind, title, soon + what, "Stop entry there", "entry.ask", where)


def _phones(event: Event, picture: Picture) -> Iterator[Need]:
    for phone in picture.phones:
        if phone.trouble < 2:
            yield _phone(event, phone, picture.at)


def _phone(event: Event, phone: Phone, at: datetime) -> Need:
    to: tuple[str, str, dict[str, object]] = ("Open the phones", "devices.index", {"event_id": event.id})
    if phone.heard_at is None:
        return Need("note", f"{phone.name} was never heard", f"Paired for {phone.gate}", *to)
    minutes = int((at - phone.heard_at).total_seconds() // 60)
    detail = f"{phone.gate} · last heard {phone.heard_at:%H:%M:%S}"
    if phone.battery is not None:
        detail += f" · battery {phone.battery}%"
    return Need("stop", f"{phone.name} has been silent for {minutes} min", detail, *to)


def _conflicts(event: Event) -> Iterator[Need]:
    closed = exists().where(ConflictClosure.conflict_id == Conflict.id)
    count = children(event, Conflict).filter(Conflict.dissolved.is_(False), ~closed).count()
    if count:
        detail = "A ticket was let in twice on phones that could not ask each other"
        yield Need("note", plural(count, "conflict"), detail, "Decide", "conflicts.index", {"event_id": event.id})
    late = children(event, ScanBatch).filter(ScanBatch.state == "quarantined").count()
    if late:
        detail = "A phone out of service has handed in what it recorded"
        yield Need("wait", f"{plural(late, 'batch', 'batches')} of late scans", detail, "Decide", "conflicts.index",
                   {"event_id": event.id})  # fmt: skip

    deeds = waiting(event)
    if deeds:
        detail = "A supervisor decided on a phone without network, by the day's code"
        yield Need("note", f"{plural(deeds, 'deed')} to review", detail, "Review", "deeds.index",
                   {"event_id": event.id})  # fmt: skip


def _runs() -> Iterator[Need]:
    count = rows(RunStuck).count()
    if count:
        detail = "Work that could neither be finished nor taken back"
        yield Need("stop", f"{plural(count, 'run')} stuck", detail, "Open", "needs.index", {})
