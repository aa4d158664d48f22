"""What the record must be: the fold of the facts, from which rows and counters may not differ (G4, G5)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.personas import House
from voelgoed.foundation.tenancy import rows
from voelgoed.occupancy.minute import MinuteCount
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.fold import Record, fold
from voelgoed.scanning.refold import facts_of
from voelgoed.ticketing.ticket import Ticket

FIELDS = ("pass_number", "entry_number", "move_number", "zone_id", "gate_id", "opened_at", "closed_at", "cause")
MEASURES = ("bodies", "tickets", "holders")


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
