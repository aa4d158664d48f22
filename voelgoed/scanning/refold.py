"""Folds one ticket again: after a late fact, an undo, an override or a void. The ticket is locked meanwhile."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from voelgoed.catalog.ticket_type import TicketType
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.database import db
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.day_end import DayEnd
from voelgoed.scanning.fold import Fact, Record, Rule, Stay, Tick, Way, fold
from voelgoed.scanning.override import Override
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.undo import Undo
from voelgoed.scanning.verdict import POSITIVE
from voelgoed.ticketing.ticket import Ticket, TicketVoid

FIELDS = tuple(Stay.__dataclass_fields__)


def refold(ticket_id: UUID, fresh: Set[UUID]) -> Record:
    """Replace the ticket's admissions by the fold of its facts, and correct the counters by the difference.

    `fresh` are the ids of facts (scans, undos, overrides) that the counters do not hold yet.
    """
    db.session.flush()
    ticket = db.session.scalars(select(Ticket).where(Ticket.id == ticket_id).with_for_update()).one()
    rule, facts, undone = facts_of(ticket)
    record = fold(rule, facts, frozenset(undone.values()))
    old_undone = frozenset(scan for undo, scan in undone.items() if undo not in fresh)
    # A void changes who may come later, never who came: the old record is folded under the same rule.
    before = fold(rule, [fact for fact in facts if fact.id not in fresh], old_undone)
    _replace(ticket, record)
    _settle_conflicts(ticket, record)
    _correct(ticket, before.ticks, record.ticks)
    return record


def facts_of(ticket: Ticket) -> tuple[Rule, list[Fact], dict[UUID, UUID]]:
    """Load the rule, the facts, and which scan each undo names (undo id → scan id)."""
    reentry = db.session.scalar(
        select(TicketType.reentry)
        .where(TicketType.id == ticket.ticket_type_id)
        .execution_options(include_archived=True)
    )
    void_at = db.session.scalar(select(TicketVoid.created_at).where(TicketVoid.ticket_id == ticket.id))
    rule = Rule(ticket.id, ticket.bodies, reentry or "none", void_at)
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
    return [Fact("day_end", end.effective_at, end.id, day_id=end.day_id) for end in ends]


def _replace(ticket: Ticket, record: Record) -> None:
    """Delete the admissions that differ, then insert them as they should be: renumbering in place would collide."""
    rows = {row.id: row for row in db.session.scalars(select(Admission).where(Admission.ticket_id == ticket.id))}
    wanted = {stay.id: stay for stay in record.stays}
    scans = {stay.scan_id for stay in record.stays}
    overridden = {
        row[0]: row[1]
        for row in db.session.execute(select(Override.id, Override.scan_id).where(Override.id.in_(scans)))
    }
    stale = [key for key, row in rows.items() if key not in wanted or _differs(row, wanted[key])]
    if stale:
        db.session.execute(delete(Admission).where(Admission.id.in_(stale)))
        for key in stale:
            db.session.expunge(rows[key])
    for key, stay in wanted.items():
        if key not in rows or key in stale:
            values = {**asdict(stay), "scan_id": overridden.get(stay.scan_id, stay.scan_id)}
            db.session.add(Admission(**values, ticket_id=ticket.id, event_id=ticket.event_id))
    db.session.flush()


def _differs(row: Admission, stay: Stay) -> bool:
    return any(getattr(row, name) != getattr(stay, name) for name in FIELDS if name not in ("id", "scan_id"))


def _settle_conflicts(ticket: Ticket, record: Record) -> None:
    """One conflict per surplus scan; what is surplus no more is dissolved, and stays listed."""
    known = {row.scan_id: row for row in db.session.scalars(select(Conflict).where(Conflict.ticket_id == ticket.id))}
    for scan_id, kind in record.conflicts.items():
        if scan_id not in known:
            evidence = _evidence(record, scan_id)
            db.session.add(
                Conflict(event_id=ticket.event_id, scan_id=scan_id, ticket_id=ticket.id, kind=kind, evidence=evidence)
            )
    for scan_id, row in known.items():
        row.dissolved = scan_id not in record.conflicts
    db.session.flush()


def _evidence(record: Record, scan_id: UUID) -> dict[str, Any]:
    kept = [stay for stay in record.stays if stay.scan_id != scan_id]
    return {"admitted_by": [str(stay.device_id) for stay in kept], "scans": [str(stay.scan_id) for stay in kept]}


def _correct(ticket: Ticket, before: list[Tick], after: list[Tick]) -> None:
    """Write the difference of the two records' ticks into the minute counters."""
    from voelgoed.scanning.record import counts, record

    taken_back = [replace(tick, bodies=-tick.bodies, tickets=-tick.tickets, holders=-tick.holders) for tick in before]
    changes = counts(((ticket.event_id, tick) for tick in [*taken_back, *after]), corrections=True)
    if changes:
        record([], [], [], changes)
