"""The gate passes of an event: listed, added up by giver and zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.foundation.database import db
from voelgoed.reports.sheet import Column, Row
from voelgoed.selling.gate_pass import GatePass
from voelgoed.ticketing.ticket import Ticket, TicketVoid

PAGE_SIZE = 100
COLUMNS = (
    Column("given at", "moment"), Column("where"), Column("serial"), Column("people", "number"),
    Column("void", "number"), Column("reason"), Column("given by"), Column("holder"),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A gate pass with where it lets in, its serial, the name on it, and whether it is void."""

    gate_pass: GatePass
    where: str
    serial: str
    holder: str | None
    void: bool


@dataclass(frozen=True)
class Total:
    """What one giver gave, or one zone took: passes, their people, and those of void ones among these."""

    name: str
    passes: int
    people: int
    void: int


def _read(event: Event, *what: Any) -> Select[Any]:
    return (
        select(*what)
        .select_from(GatePass)
        .join(TicketType, TicketType.id == GatePass.ticket_type_id)
        .join(Ticket, Ticket.id == GatePass.ticket_id)
        .outerjoin(TicketVoid, TicketVoid.ticket_id == GatePass.ticket_id)
        .where(GatePass.event_id == event.id)
        .execution_options(include_archived=True)
    )


def passes_of(event: Event) -> Select[Any]:
    """Return the statement that reads an event's gate passes, the newest first."""
    found = _read(event, GatePass, TicketType.name, Ticket.serial, Ticket.holder, TicketVoid.id.is_not(None))
    return found.order_by(GatePass.id.desc())


def page_of(event: Event, before: UUID | None) -> tuple[Sequence[Told], UUID | None]:
    """Return a page of gate passes, and after which one the next begins."""
    statement = passes_of(event).limit(PAGE_SIZE + 1)
    if before is not None:
        statement = statement.where(GatePass.id < before)
    found = [Told(*row) for row in db.session.execute(statement)]
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].gate_pass.id if len(found) > PAGE_SIZE else None


def pass_totals(event: Event) -> dict[str, Sequence[Total]]:
    """Add up an event's gate passes: by giver, by zone; the most people first."""
    return {"Given by": _by(event, GatePass.giver), "Where": _by(event, TicketType.name)}


def _by(event: Event, name: InstrumentedAttribute[str]) -> Sequence[Total]:
    people = func.sum(GatePass.bodies)
    void = func.coalesce(func.sum(GatePass.bodies).filter(TicketVoid.id.is_not(None)), 0)
    found = _read(event, name, func.count(GatePass.id), people, void).group_by(name).order_by(people.desc(), name)
    return [Total(*row) for row in db.session.execute(found)]


def people_let_in(event: Event) -> int:
    """Return for how many people an event's gate passes are that are not void."""
    return sum(one.people - one.void for one in _by(event, GatePass.giver))


def pass_rows(event: Event, *, names: bool) -> Iterator[Sequence[Row]]:
    """Return the gate passes as rows of a file, oldest last; `names`: whether the holders' are in it."""
    yield [
        (told.gate_pass.created_at, told.where, told.serial, told.gate_pass.bodies,
         told.gate_pass.bodies if told.void else 0, told.gate_pass.reason, told.gate_pass.giver,
         told.holder if names else None)
        for told in (Told(*row) for row in db.session.execute(passes_of(event)))
    ]  # fmt: skip
