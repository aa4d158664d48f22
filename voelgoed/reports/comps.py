"""The comps of an event: listed, added up by purpose, giver and type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import InstrumentedAttribute

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.foundation.database import db
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.reports.sheet import Column, Row
from voelgoed.selling.comp import PURPOSES, Comp
from voelgoed.ticketing.ticket import Ticket, TicketVoid

PAGE_SIZE = 100
COLUMNS = (
    Column("given at", "moment"), Column("ticket type"), Column("tickets", "number"), Column("void", "number"),
    Column("for"), Column("reason"), Column("given by"), Column("approved by"), Column("holder"),
)  # fmt: skip


class CompFilter(Asked):
    """Which comps of an event, by what reports add up; `before` is where the next page begins."""

    purpose: Literal[PURPOSES] | None = None  # type: ignore[valid-type]
    giver: Line | None = Field(default=None, max_length=400)
    ticket_type_id: UUID | None = None
    how: Literal["own", "approved", "freely"] | None = None
    before: UUID | None = None


@dataclass(frozen=True)
class Told:
    """A comp with the name of its type, how many of its tickets are void, and the name on them."""

    comp: Comp
    type: str
    void: int
    holder: str | None


@dataclass(frozen=True)
class Total:
    """What was given by one purpose, giver or type: comps, their tickets, and the void ones among these."""

    name: str
    comps: int
    tickets: int
    void: int


def comps_of(event: Event, asked: CompFilter) -> Select[Any]:
    """Return the statement that reads an event's comps, the newest first."""
    tickets = _tickets(event)
    statement = (
        select(Comp, TicketType.name, func.coalesce(tickets.c.void, 0), tickets.c.holder)
        .join(TicketType, TicketType.id == Comp.ticket_type_id)
        .outerjoin(tickets, tickets.c.checkout_id == Comp.checkout_id)
        .order_by(Comp.id.desc())
        .execution_options(include_archived=True)
    )
    return _only(statement, event, asked)


def _tickets(event: Event) -> Subquery:
    """Count the void tickets of each comp, and read the name on them."""
    statement = (
        select(
            CheckoutLine.checkout_id, func.count(TicketVoid.id).label("void"), func.min(Ticket.holder).label("holder")
        )
        .join(Comp, Comp.checkout_id == CheckoutLine.checkout_id)
        .join(Ticket, Ticket.checkout_line_id == CheckoutLine.id)
        .outerjoin(TicketVoid, TicketVoid.ticket_id == Ticket.id)
        .where(Comp.event_id == event.id)
        .group_by(CheckoutLine.checkout_id)
    )
    return statement.subquery()


def _only(statement: Select[Any], event: Event, asked: CompFilter) -> Select[Any]:
    statement = statement.where(Comp.event_id == event.id)
    for name in ("purpose", "giver", "ticket_type_id", "how"):
        if (wanted := getattr(asked, name)) is not None:
            statement = statement.where(getattr(Comp, name) == wanted)
    return statement


def page_of(event: Event, asked: CompFilter) -> tuple[Sequence[Told], UUID | None]:
    """Return a page of comps, and after which one the next begins."""
    statement = comps_of(event, asked).limit(PAGE_SIZE + 1)
    if asked.before is not None:
        statement = statement.where(Comp.id < asked.before)
    found = [Told(*row) for row in db.session.execute(statement)]
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].comp.id if len(found) > PAGE_SIZE else None


def totals(event: Event, asked: CompFilter) -> dict[str, Sequence[Total]]:
    """Add up the comps of a selection: by purpose, by giver, by type; the most tickets first."""
    return {
        "For": [_named(one, one.name.capitalize()) for one in _by(event, asked, Comp.purpose)],
        "Given by": _by(event, asked, Comp.giver),
        "Ticket": _by(event, asked, TicketType.name),
    }


def _named(total: Total, name: str) -> Total:
    return Total(name, total.comps, total.tickets, total.void)


def _by(event: Event, asked: CompFilter, name: InstrumentedAttribute[str]) -> Sequence[Total]:
    tickets = _tickets(event)
    given, void = func.sum(Comp.quantity), func.coalesce(func.sum(tickets.c.void), 0)
    statement = (
        select(name, func.count(Comp.id), given, void)
        .join(TicketType, TicketType.id == Comp.ticket_type_id)
        .outerjoin(tickets, tickets.c.checkout_id == Comp.checkout_id)
        .group_by(name)
        .order_by(given.desc(), name)
        .execution_options(include_archived=True)
    )
    return [Total(*row) for row in db.session.execute(_only(statement, event, asked))]


def givers(event: Event) -> Sequence[str]:
    """Return who gave comps of an event."""
    return db.session.scalars(select(Comp.giver).where(Comp.event_id == event.id).distinct().order_by(Comp.giver)).all()


def rows_of(event: Event, asked: CompFilter, *, names: bool) -> Iterator[Sequence[Row]]:
    """Return the comps as rows of a file, oldest last; `names`: whether the holders' are in it."""
    yield [
        (told.comp.created_at, told.type, told.comp.quantity, told.void, told.comp.purpose, told.comp.reason,
         told.comp.giver, told.comp.approver, told.holder if names else None)
        for told in (Told(*row) for row in db.session.execute(comps_of(event, asked)))
    ]  # fmt: skip
