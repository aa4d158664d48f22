"""Emptying a zone after an evacuation: one fact closes everything that is open there, for any number of people."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, text

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.database import db
from voelgoed.foundation.live.push import publish
from voelgoed.foundation.tenancy import children, current_scope, set_based
from voelgoed.foundation.web.problem import Problem
from voelgoed.occupancy.figure import day_of
from voelgoed.scanning import tiers
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.fact import Tick
from voelgoed.scanning.found import SQL
from voelgoed.scanning.judge import WINDOW
from voelgoed.scanning.record import counts, record
from voelgoed.scanning.refold import refold
from voelgoed.scanning.zone_emptied import ZoneEmptied

EMPTY = text((SQL / "empty_zone.sql").read_text())
PATIENCE = text("SELECT set_config('statement_timeout', '30s', true)")


def empty(event: Event, zone: Zone | None, reason: str) -> ZoneEmptied:
    """Say that everybody has left a zone (none: all of them), so that all may enter again.

    The fact is never undone. Raises Problem 409 `no_day` for an event without a day.
    """
    day = day_of(event)
    if day is None:
        raise Problem(409, "no_day", "That event has no day yet", "Nothing was changed.")
    with set_based("scanning.record"):
        db.session.execute(PATIENCE)  # tens of thousands are closed in one statement
    # Scans that are being written hold the day: wait for them, and let those that come after find the fact.
    db.session.execute(select(Day.id).where(Day.id == day.id).with_for_update())
    made = ZoneEmptied(
        event_id=event.id, day_id=day.id, zone_id=zone.id if zone else None, zones=_inside(event, zone),
        reason=reason, actor=current_scope().actor.label,
        effective_at=db.session.scalars(select(func.clock_timestamp())).one(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _close(made)
    publish("occupancy", event.id)
    return made


def _inside(event: Event, zone: Zone | None) -> list[str]:
    """Return a zone and all zones inside it; without one, all of the venue."""
    found = children(event.venue, Zone).including_archived().all()
    if zone is None:
        return sorted(str(one.id) for one in found)
    ring = {zone.id}
    while more := {one.id for one in found if one.parent_id in ring} - ring:
        ring |= more
    return sorted(map(str, ring))


def _close(made: ZoneEmptied) -> None:
    said = {"event_id": made.event_id, "day_id": made.day_id, "at": made.effective_at, "zones": made.zones}
    with set_based("scanning.record"):
        closed, left_over = db.session.execute(EMPTY, said).one()
    ticks = [
        (made.event_id, Tick(made.day_id, UUID(one["gate_id"]), UUID(one["zone_id"]), "ended", made.effective_at,
                             one["bodies"], one["tickets"], one["holders"]))
        for one in closed
    ]  # fmt: skip
    record([], [], [], counts(ticks))
    if left_over:
        refold(dict.fromkeys(map(UUID, left_over), frozenset({made.id})))
    _forget(made)


def _forget(made: ZoneEmptied) -> None:
    """Let the database alone answer for those who came in just now: memory and cache would call them duplicates."""
    lately = select(Admission.ticket_id).where(
        Admission.day_id == made.day_id, Admission.opened_at > made.effective_at - WINDOW
    )
    tiers.forget(db.session.scalars(lately.distinct()).all())
