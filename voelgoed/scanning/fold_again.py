"""Folds tickets again from their facts, read by a way of its own, and compares with the rows: the checker of G4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from voelgoed.scanning.fact import Fact, Stay, Way
from voelgoed.scanning.fold import fold
from voelgoed.scanning.found import SQL, stay_of
from voelgoed.scanning.rule import endings, moment, rule_of

FACTS = text((SQL / "facts.sql").read_text())
MOST = 5_000  # tickets; so many take about a second


def differing(session: Session, most: int = MOST) -> int:
    """Count the tickets, of those scanned last, whose admissions or conflicts are not the fold of their facts."""
    return sum(not _same(row) for row in session.execute(FACTS, {"most": most}))


def _same(row: Row[Any]) -> bool:
    undone = frozenset(UUID(scan["id"]) for scan in row.scans if scan["undone"])
    record = fold(rule_of(row.rule), _facts(row), undone)
    stored = {_seen(stay_of(stay)) for stay in row.stays}
    return stored == {_seen(stay) for stay in record.stays} and set(map(UUID, row.conflicts)) == set(record.conflicts)


def _facts(row: Row[Any]) -> Iterator[Fact]:
    for scan in row.scans:
        way = Way(UUID(scan["gate_id"]), UUID(scan["from_id"]) if scan["from_id"] else None, UUID(scan["into_id"]))
        place: dict[str, Any] = {
            "device_id": UUID(scan["device_id"]),
            "sequence": scan["sequence"],
            "day_id": UUID(scan["day_id"]),
            "way": way,
        }
        if scan["counts"]:
            yield Fact(scan["kind"], moment(scan["at"]), UUID(scan["id"]), bodies=scan["bodies"], **place)
        if scan["override"]:
            at, let_in = moment(scan["let_in_at"]), scan["let_in"]
            yield Fact("override", at, UUID(scan["override"]), bodies=let_in, **place)
    yield from endings(row.ends)


def _seen(stay: Stay) -> tuple[Any, ...]:
    """Return what must agree; an override's row names the refused scan instead of the override."""
    return (
        stay.id, stay.day_id, stay.gate_id, stay.zone_id, stay.pass_number, stay.entry_number, stay.move_number,
        stay.opened_at, stay.closed_at, stay.cause,
    )  # fmt: skip
