"""A ticket as pages and prints show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import TicketType, TypeZone
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web.words import money
from voelgoed.selling.comp import Comp
from voelgoed.selling.reserve import reserve_prices
from voelgoed.ticketing.codes import codes_of, qr_svg
from voelgoed.ticketing.ticket import Ticket, TicketPrint, TicketVoid

R = TypeVar("R", bound=Resource)
NO_LINE: tuple[int, Comp | None] = (0, None)
"""What is known of the price of a ticket that was not sold."""


@dataclass(frozen=True)
class Shown:
    """A ticket with what SASREA s19(7) asks to be on it, its code, whether a slip of it is a copy, or it a comp."""

    ticket: Ticket
    event: Event
    venue: Venue
    type: TicketType
    days: list[Day]
    zones: list[str]
    gates: list[str]
    price_cents: int
    code: str
    void: TicketVoid | None
    copy: bool
    comp: Comp | None = None

    @property
    def qr(self) -> str:
        """The code as SVG, drawn where it is looked at: a file of many tickets draws it otherwise."""
        return qr_svg(self.code)

    @property
    def price(self) -> str:
        """The price as the ticket says it; a comp has none, nor has a gate pass."""
        if self.type.gate_pass:
            return "Gate pass, free of charge"
        return money(self.price_cents, self.event.currency) if self.comp is None else "Comp, free of charge"


def show(tickets: Iterable[Ticket]) -> list[Shown]:
    """Gather what is shown of tickets of one event, a statement for each kind of thing."""
    listed = list(tickets)
    if not listed:
        return []
    event = _one(Event, listed[0].event_id)
    venue = _one(Venue, event.venue_id)
    days = db.session.scalars(select(Day).where(Day.event_id == event.id).order_by(Day.number)).all()
    types = {one: _one(TicketType, one) for one in {ticket.ticket_type_id for ticket in listed}}
    zones = {one: _zones(one) for one in types}
    gates = {one: _gates(venue.id, [zone.id for zone in zones[one]]) for one in types}
    codes, lines, prints, voids = codes_of(listed), _lines(listed), _prints(listed), _voids(listed)
    reserved = reserve_prices(listed)
    return [
        Shown(
            ticket=one,
            event=event,
            venue=venue,
            type=types[one.ticket_type_id],
            days=[day for day in days if one.days_mask >> day.number & 1],
            zones=[zone.name for zone in zones[one.ticket_type_id]],
            gates=gates[one.ticket_type_id],
            price_cents=reserved.get(one.id, lines.get(one.checkout_line_id, NO_LINE)[0]),
            code=codes[one.id],
            void=voids.get(one.id),
            copy=one.id in prints,
            comp=lines.get(one.checkout_line_id, NO_LINE)[1],
        )
        for one in listed
    ]


def _one(cls: type[R], ident: UUID) -> R:
    return rows(cls).including_archived().get(ident)


def _zones(type_id: UUID) -> list[Zone]:
    statement = select(Zone).join(TypeZone, TypeZone.zone_id == Zone.id).where(TypeZone.ticket_type_id == type_id)
    return list(db.session.scalars(statement.order_by(Zone.name)))


def _gates(venue_id: UUID, zones: list[UUID]) -> list[str]:
    """Return the gates that lead from outside into the zones; those of the whole venue for a type without zones."""
    statement = select(Gate.name).where(Gate.venue_id == venue_id, Gate.from_id.is_(None)).order_by(Gate.name)
    return list(db.session.scalars(statement.where(Gate.into_id.in_(zones)) if zones else statement))


def _lines(tickets: list[Ticket]) -> dict[UUID | None, tuple[int, Comp | None]]:
    """Return line of a sale → the price of one ticket, and the comp that it belongs to."""
    statement = (
        select(CheckoutLine.id, CheckoutLine.unit_cents, Comp)
        .outerjoin(Comp, Comp.checkout_id == CheckoutLine.checkout_id)
        .where(CheckoutLine.id.in_({one.checkout_line_id for one in tickets}))
    )
    return {line_id: (cents, comp) for line_id, cents, comp in db.session.execute(statement)}


def _prints(tickets: list[Ticket]) -> set[UUID]:
    statement = select(TicketPrint.ticket_id).where(
        TicketPrint.ticket_id.in_([one.id for one in tickets]), TicketPrint.format != "codes"
    )
    return set(db.session.scalars(statement))


def _voids(tickets: list[Ticket]) -> dict[UUID, TicketVoid]:
    statement = select(TicketVoid).where(TicketVoid.ticket_id.in_([one.id for one in tickets]))
    return {one.ticket_id: one for one in db.session.scalars(statement)}


def times_printed(ticket: Ticket) -> int:
    """Count the slips and sheets that were printed of a ticket."""
    statement = select(func.count()).select_from(TicketPrint)
    return db.session.scalar(statement.where(TicketPrint.ticket_id == ticket.id, TicketPrint.format != "codes")) or 0
