"""The conflicts of an event with their evidence, in groups of one cause; closing them is a person's deed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.database import db
from voelgoed.foundation.live.push import publish
from voelgoed.foundation.tenancy import children, current_scope
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.conflict import Conflict, ConflictClosure
from voelgoed.scanning.device import Device
from voelgoed.scanning.scan import Scan
from voelgoed.ticketing.ticket import Ticket

State = Literal["open", "closed", "dissolved"]


@dataclass(frozen=True)
class Sighting:
    """One scan as evidence: which phone, at which gate, by its own clock, corrected, and when it came here (UTC)."""

    scan_id: UUID
    phone: str
    gate: str
    told_at: datetime
    at: datetime
    received_at: datetime
    offline: bool
    staff_number: str | None


@dataclass(frozen=True)
class Case:
    """A conflict: the scan that the record cannot accept beside those that stand, and what became of it."""

    id: UUID
    kind: str
    ticket_id: UUID
    serial: str
    type: str
    holder: str | None
    surplus: Sighting
    kept: tuple[Sighting, ...]
    state: State
    closed: ConflictClosure | None

    @property
    def cause(self) -> tuple[str, str, tuple[str, ...]]:
        """Return what a group has in common: the kind, the phone that let in too, the phones that had let in."""
        return self.kind, self.surplus.phone, tuple(sorted({one.phone for one in self.kept}))


@dataclass(frozen=True)
class Group:
    """Conflicts of one cause."""

    kind: str
    phone: str
    others: tuple[str, ...]
    cases: tuple[Case, ...]


def open_groups(cases: Sequence[Case]) -> list[Group]:
    """Gather the open ones by their cause, the largest group first."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Case]] = {}
    for case in cases:
        if case.state == "open":
            groups.setdefault(case.cause, []).append(case)
    made = [Group(*cause, tuple(members)) for cause, members in groups.items()]
    return sorted(made, key=lambda one: (-len(one.cases), one.phone))


def cases_of(event: Event) -> list[Case]:
    """Return all conflicts of an event with their evidence, the latest first."""
    conflicts = children(event, Conflict).order_by(Conflict.created_at.desc(), Conflict.id).all()
    named = {UUID(one) for row in conflicts for one in row.evidence["scans"]} | {row.scan_id for row in conflicts}
    seen = _sightings(named)
    tickets = _tickets({row.ticket_id for row in conflicts})
    closures = _closures([row.id for row in conflicts])
    return [_case(row, seen, tickets[row.ticket_id], closures.get(row.id)) for row in conflicts]


def _case(
    row: Conflict, seen: dict[UUID, Sighting], ticket: tuple[str, str, str | None], closed: ConflictClosure | None
) -> Case:
    serial, type_, holder = ticket
    state: State = "closed" if closed else "dissolved" if row.dissolved else "open"
    kept = tuple(seen[UUID(one)] for one in row.evidence["scans"] if UUID(one) in seen)
    return Case(row.id, row.kind, row.ticket_id, serial, type_, holder, seen[row.scan_id], kept, state, closed)


def _sightings(ids: set[UUID]) -> dict[UUID, Sighting]:
    statement = (
        select(Scan, Device.name, Gate.name)
        .join(Device, Device.id == Scan.device_id)
        .join(Gate, Gate.id == Scan.gate_id)
        .where(Scan.id.in_(ids))
        .execution_options(include_archived=True)
    )
    return {
        scan.id: Sighting(scan.id, phone, gate, scan.scanned_at, scan.effective_at, scan.created_at, scan.offline,
                          scan.staff_number)
        for scan, phone, gate in db.session.execute(statement)
    }  # fmt: skip


def _tickets(ids: set[UUID]) -> dict[UUID, tuple[str, str, str | None]]:
    statement = (
        select(Ticket.id, Ticket.serial, TicketType.name, Ticket.holder)
        .join(TicketType, TicketType.id == Ticket.ticket_type_id)
        .where(Ticket.id.in_(ids))
        .execution_options(include_archived=True)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(statement)}


def _closures(ids: Sequence[UUID]) -> dict[UUID, ConflictClosure]:
    found = db.session.scalars(select(ConflictClosure).where(ConflictClosure.conflict_id.in_(ids)))
    return {row.conflict_id: row for row in found}


def close(event: Event, conflict_ids: Sequence[UUID], reason: str) -> int:
    """Close conflicts of an event with one reason; returns how many. Who was faster stays.

    Raises Problem 409 `already_closed` when none of them is open any more.
    """
    statement = (
        select(Conflict.id)
        .where(Conflict.id.in_(conflict_ids), Conflict.event_id == event.id, Conflict.dissolved.is_(False))
        .order_by(Conflict.id)
        .with_for_update()
    )
    actor = current_scope().actor.label
    values = [{"conflict_id": one, "reason": reason, "actor": actor} for one in db.session.scalars(statement)]
    closed = 0
    if values:
        once = insert(ConflictClosure).on_conflict_do_nothing().returning(ConflictClosure.id)
        closed = len(db.session.scalars(once, values).all())
    if not closed:
        raise Problem(409, "already_closed", "Nothing is open any more",
                      "Somebody was faster, or a later scan explained it. Nothing was changed.")  # fmt: skip
    publish("occupancy", event.id)
    return closed
