"""Folds tickets again, any number in few statements: after late facts, an undo, an override, a day's end.

The tickets are locked meanwhile. Admissions that differ are deleted before they are inserted as they should be:
renumbering in place would collide with the unique indexes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import current_scope, set_based
from voelgoed.foundation.tenancy.trip import trip
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.fact import Fact, Record, Rule, Stay, Tick, Way
from voelgoed.scanning.fold import fold
from voelgoed.scanning.found import LOCK, SQL, stay_of
from voelgoed.scanning.rule import endings, moment, rule_of

READ = text((SQL / "refold_read.sql").read_text())
CONFLICTS = text((SQL / "conflicts.sql").read_text())
CLEAR = text((SQL / "refold_clear.sql").read_text())
ROOM = "scanning.record"
NAMES = tuple(name for name in Stay.__dataclass_fields__ if name not in ("id", "scan_id"))


@dataclass(frozen=True)
class Known:
    """A ticket as the rows tell it: its rule and facts, which scan each undo or override names, what stands so far."""

    event_id: UUID
    rule: Rule
    facts: Sequence[Fact]
    undone: Mapping[UUID, UUID]
    overridden: Mapping[UUID, UUID]
    stays: Mapping[UUID, Stay]
    conflicts: Mapping[UUID, dict[str, Any]]

    def fold(self, without: Set[UUID] = frozenset()) -> Record:
        """Fold the facts, but for those left out, which are scans, undos or overrides."""
        undone = frozenset(scan for undo, scan in self.undone.items() if undo not in without)
        return fold(self.rule, [fact for fact in self.facts if fact.id not in without], undone)


@dataclass
class Changes:
    """What is to be written for all tickets together."""

    stale: list[UUID] = field(default_factory=list)
    opened: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    ticks: list[tuple[UUID, Tick]] = field(default_factory=list)


def refold(fresh: Mapping[UUID, Set[UUID]]) -> None:
    """Replace tickets' admissions by the fold of their facts, and correct the counters by the difference.

    `fresh` names, for each ticket, the facts (scans, undos, overrides, ends of days) that the counters do not hold yet.
    """
    db.session.flush()
    with trip(ROOM) as sent:
        sent.send(LOCK, {"ticket_ids": sorted(fresh), "serials": []})
    changes = Changes()
    for ticket_id, known in read(fresh).items():
        _compare(ticket_id, known, fresh[ticket_id], changes)
    _write(changes)


def read(ticket_ids: Iterable[UUID]) -> dict[UUID, Known]:
    """Read tickets with their facts and rows, in one statement."""
    with set_based(ROOM):
        found = db.session.execute(READ, {"ticket_ids": sorted(ticket_ids)}).all()
    return {row.id: _known(row) for row in found}


def _known(row: Row[Any]) -> Known:
    return Known(
        event_id=row.event_id,
        rule=rule_of(row.rule),
        facts=[*_scans(row.scans), *endings(row.ends)],
        undone={UUID(one["undo"]): UUID(one["id"]) for one in row.scans if one["undo"]},
        overridden={UUID(one["override"]): UUID(one["id"]) for one in row.scans if one["override"]},
        stays={UUID(one["id"]): _stay(one) for one in row.stays},
        conflicts={UUID(one["scan_id"]): one for one in row.conflicts},
    )  # fmt: skip


def _stay(one: dict[str, Any]) -> Stay:
    gate, scan = one["closing_gate_id"], one["closing_scan_id"]
    return replace(
        stay_of(one), closing_gate_id=UUID(gate) if gate else None, closing_scan_id=UUID(scan) if scan else None
    )


def _scans(scans: Iterable[dict[str, Any]]) -> Iterator[Fact]:
    for one in scans:
        from_id = UUID(one["from_id"]) if one["from_id"] else None
        fact = Fact(
            kind=one["kind"], at=moment(one["at"]), id=UUID(one["id"]), device_id=UUID(one["device_id"]),
            sequence=one["sequence"], day_id=UUID(one["day_id"]), bodies=one["bodies"],
            way=Way(UUID(one["gate_id"]), from_id, UUID(one["into_id"])),
        )  # fmt: skip
        if one["counts"]:
            yield fact
        if one["override"]:
            at = moment(one["let_in_at"])
            yield replace(fact, kind="override", at=at, id=UUID(one["override"]), bodies=one["let_in"])


def _compare(ticket_id: UUID, known: Known, fresh: Set[UUID], changes: Changes) -> None:
    """Note what differs between a ticket's rows and its fold, and what the counters gain by the fresh facts."""
    record = known.fold()
    wanted = {stay.id: stay for stay in record.stays}
    stale = [key for key, stay in known.stays.items() if key not in wanted or _differ(stay, wanted[key])]
    changes.stale += stale
    changes.opened += [
        {**vars(stay), "scan_id": known.overridden.get(stay.scan_id, stay.scan_id), "ticket_id": ticket_id,
         "event_id": known.event_id}
        for key, stay in wanted.items() if key not in known.stays or key in stale
    ]  # fmt: skip
    changes.conflicts += _conflicts(ticket_id, known, record)
    # A void changes who may come later, never who came: the old record is folded under the same rule.
    before = known.fold(without=fresh)
    changes.ticks += [(known.event_id, _taken_back(tick)) for tick in before.ticks]
    changes.ticks += [(known.event_id, tick) for tick in record.ticks]


def _differ(one: Stay, other: Stay) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in NAMES)


def _taken_back(tick: Tick) -> Tick:
    return replace(tick, bodies=-tick.bodies, tickets=-tick.tickets, holders=-tick.holders)


def _conflicts(ticket_id: UUID, known: Known, record: Record) -> Iterator[dict[str, Any]]:
    """Say which conflicts are new or changed; what is surplus no more is dissolved, and stays listed."""
    for scan_id in {*record.conflicts, *known.conflicts}:
        old = known.conflicts.get(scan_id)
        if scan_id in record.conflicts:
            said = {"kind": record.conflicts[scan_id], "evidence": _evidence(record, scan_id), "dissolved": False}
        else:
            said = {"kind": old["kind"], "evidence": old["evidence"], "dissolved": True} if old else {}
        if old is None or any(old[name] != value for name, value in said.items()):
            yield {"id": uuid7(), "event_id": known.event_id, "scan_id": scan_id, "ticket_id": ticket_id, **said}


def _evidence(record: Record, scan_id: UUID) -> dict[str, Any]:
    kept = [stay for stay in record.stays if stay.scan_id != scan_id]
    return {"admitted_by": [str(stay.device_id) for stay in kept], "scans": [str(stay.scan_id) for stay in kept]}


def _write(changes: Changes) -> None:
    from voelgoed.scanning.record import counts, record

    with set_based(ROOM):
        if changes.stale:
            db.session.execute(CLEAR, {"stale": sorted(changes.stale)})
        if changes.conflicts:
            given = {"organization_id": current_scope().organization_id, "conflicts": _json(changes.conflicts)}
            db.session.execute(CONFLICTS, given)
    _forget()
    corrected = counts(changes.ticks, corrections=True)
    if (changes.opened or corrected) and not record([], changes.opened, [], corrected):
        raise LookupError("an admission of a locked ticket was written by somebody else")


def _forget() -> None:
    """Let the session load anew what was written past it."""
    session = db.session()
    for one in [row for row in session.identity_map.values() if isinstance(row, Admission | Conflict)]:
        session.expunge(one)


def _json(value: Any) -> str:
    return json.dumps(value, default=lambda one: one.isoformat() if isinstance(one, datetime) else str(one))
