"""What the record must be: the fold of the facts, from which rows and counters may not differ (G4, G5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tests.personas import House
from voelgoed.catalog.event import Day
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.occupancy.minute import MinuteCount
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.day_end import DayEnd
from voelgoed.scanning.fact import Fact, Record, Rule, Way
from voelgoed.scanning.fold import fold
from voelgoed.scanning.override import Override
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.ticket_block import TicketBlock
from voelgoed.scanning.undo import Undo
from voelgoed.scanning.verdict import POSITIVE
from voelgoed.scanning.zone_emptied import ZoneEmptied
from voelgoed.ticketing.ticket import Ticket, TicketVoid

FIELDS = ("pass_number", "entry_number", "move_number", "zone_id", "gate_id", "opened_at", "closed_at", "cause")
MEASURES = ("bodies", "tickets", "holders")


def facts_of(ticket: Ticket) -> tuple[Rule, list[Fact], dict[UUID, UUID]]:
    """Load the rule, the facts, and which scan each undo names: row by row, by another way than the product's."""
    sold = db.session.scalars(
        select(TicketType).where(TicketType.id == ticket.ticket_type_id).execution_options(include_archived=True)
    ).one()
    blocks = db.session.scalars(select(TicketBlock).where(TicketBlock.ticket_id == ticket.id))
    void_at = db.session.scalar(select(TicketVoid.created_at).where(TicketVoid.ticket_id == ticket.id))
    rule = Rule(
        ticket.id, ticket.bodies, sold.reentry, void_at, sold.reentry_entries, until_of(sold),
        tuple((one.blocked_at, one.lifted_at) for one in blocks), sold.group_min,
    )  # fmt: skip
    scans = db.session.scalars(select(Scan).where(Scan.ticket_id == ticket.id)).all()
    by_id = {scan.id: scan for scan in scans}
    gates = _gates({scan.gate_id for scan in scans})
    facts = [_scan_fact(scan, gates[scan.gate_id]) for scan in scans if _counts(scan)]
    for override in db.session.scalars(select(Override).where(Override.scan_id.in_(by_id))):
        facts.append(_override_fact(override, by_id[override.scan_id], gates))
    facts += _day_ends({scan.day_id for scan in scans if scan.day_id})
    undos = db.session.scalars(select(Undo).where(Undo.scan_id.in_(by_id)))
    return rule, facts, {undo.id: undo.scan_id for undo in undos}


def _counts(scan: Scan) -> bool:
    return scan.day_id is not None and (scan.verdict in POSITIVE or scan.verdict == "not_inside")


def _gates(ids: set[UUID]) -> dict[UUID, Way]:
    found = db.session.scalars(select(Gate).where(Gate.id.in_(ids)).execution_options(include_archived=True))
    return {gate.id: Way(gate.id, gate.from_id, gate.into_id) for gate in found}


def _scan_fact(scan: Scan, way: Way) -> Fact:
    return Fact(
        kind="in" if scan.direction == "in" else "out",
        at=scan.effective_at,
        id=scan.id,
        device_id=scan.device_id,
        sequence=scan.sequence,
        day_id=scan.day_id or UUID(int=0),
        way=way,
        bodies=max(scan.taken, 1),
    )


def _override_fact(override: Override, scan: Scan, gates: dict[UUID, Way]) -> Fact:
    said = replace(_scan_fact(scan, gates[scan.gate_id]), kind="override", at=override.effective_at)
    return replace(said, id=override.id, bodies=override.bodies)


def _day_ends(days: set[UUID]) -> list[Fact]:
    ends = db.session.scalars(select(DayEnd).where(DayEnd.day_id.in_(days)))
    emptied = db.session.scalars(select(ZoneEmptied).where(ZoneEmptied.day_id.in_(days)))
    return [
        *(Fact("day_end", end.effective_at, end.id, day_id=end.day_id) for end in ends),
        *(Fact("emptied", one.effective_at, one.id, day_id=one.day_id, zones=frozenset(map(UUID, one.zones)))
          for one in emptied),
    ]  # fmt: skip


def until_of(sold: TicketType) -> dict[UUID, datetime]:
    """Return until when of each day who left may come back, by the clock on the venue's wall."""
    if sold.reentry_until is None:
        return {}
    zone, hour = ZoneInfo(sold.event.venue.timezone), sold.reentry_until
    found = {}
    for day in db.session.scalars(select(Day).where(Day.event_id == sold.event_id)):
        at = datetime.fromisoformat(f"{day.date}T{hour}").replace(tzinfo=zone)
        found[day.id] = at if at >= day.doors_at else at + timedelta(days=1)
    return found


def folded() -> list[Record]:
    """Fold the facts of every ticket in scope anew."""
    records = []
    for ticket in rows(Ticket):
        rule, facts, undone = facts_of(ticket)
        records.append(fold(rule, facts, frozenset(undone.values())))
    return records


def _said(one: Any) -> tuple[Any, ...]:
    return (one.id, *(getattr(one, name) for name in FIELDS))


def _counted(records: list[Record]) -> Counter[tuple[Any, ...]]:
    counted: Counter[tuple[Any, ...]] = Counter()
    for tick in (tick for record in records for tick in record.ticks):
        minute = tick.at.replace(second=0, microsecond=0)
        for measure in MEASURES:
            key = (tick.day_id, tick.gate_id, tick.zone_id, tick.direction, minute, measure)
            counted[key] += getattr(tick, measure)
    return counted


def untrue(house: House) -> list[str]:
    """Return in what the rows of a house differ from the fold of its facts; nothing when all is well."""
    with house.scope("manager"):
        records = folded()
        stays = {_said(stay) for record in records for stay in record.stays}
        conflicts = {scan_id for record in records for scan_id in record.conflicts}
        stored: Counter[tuple[Any, ...]] = Counter()
        for row in rows(MinuteCount):
            for measure in MEASURES:
                key = (row.day_id, row.gate_id, row.zone_id, row.direction, row.minute, measure)
                stored[key] += getattr(row, measure)
        wanted = _counted(records)
        counters = {key: (stored[key], wanted[key]) for key in stored | wanted if stored[key] != wanted[key]}
        admissions = stays ^ {_said(row) for row in rows(Admission)}
        noted = conflicts ^ {row.scan_id for row in rows(Conflict) if not row.dissolved}
        return [repr(one) for one in (counters, admissions, noted) if one]
