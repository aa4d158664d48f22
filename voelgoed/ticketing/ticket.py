"""Tickets and their passes; a ticket is never deleted, its states are rows."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.foundation.resource import Resource, choice, integer, key_of, refers, related, small, text, written_in


class TicketSeries(Resource, unaudited="a counter that the tickets recount", unique=(("event_id",), ("prefix",))):
    """The next serial of an event: letters that no other event here has, and a number."""

    event_id: Mapped[UUID] = refers("event")
    prefix: Mapped[str] = text(6)
    next: Mapped[int] = integer(default=1)


class Ticket(
    Resource,
    redact=("holder", "holder_key"),
    exclude=("written_in",),
    unique=(("serial",), ("event_id", "number")),
    indexes=(("holder_key",), ("event_id", "written_in")),
    checks={"bodies_fit": "bodies BETWEEN 1 AND 200", "days_fit": "days_mask BETWEEN 1 AND 65535"},
):
    """The right to enter on the days of its mask, for so many bodies; `code_version` rises with each reissue.

    `issued_minute` counts minutes since 2020-01-01T00:00Z, as the code carries it.
    """

    event_id: Mapped[UUID] = refers("event")
    ticket_type_id: Mapped[UUID] = refers("ticket_type")
    checkout_line_id: Mapped[UUID | None] = refers("checkout_line", nullable=True)
    signing_key_id: Mapped[UUID] = refers("signing_key")
    number: Mapped[int] = integer()
    serial: Mapped[str] = text(24)
    code_version: Mapped[int] = small(default=1)
    bodies: Mapped[int] = small(default=1)
    days_mask: Mapped[int] = integer()
    issued_minute: Mapped[int] = integer()
    holder: Mapped[str | None] = text(120, nullable=True)
    holder_key: Mapped[str | None] = key_of("holder")
    written_in: Mapped[int] = written_in()
    event: Mapped[Event] = related("event_id", "Event")
    ticket_type: Mapped[TicketType] = related("ticket_type_id", "TicketType")
    checkout_line: Mapped[CheckoutLine | None] = related("checkout_line_id", "CheckoutLine")


class Pass(Resource, append_only="a ticket's passes are fixed with it", unique=(("ticket_id", "number"),)):
    """One body's way in: a ticket for N bodies has the passes 1…N."""

    ticket_id: Mapped[UUID] = refers("ticket")
    number: Mapped[int] = small()


class TicketVoid(
    Resource,
    append_only="a void is final: who wants in again buys again",
    unique=(("ticket_id",),),
    indexes=(("written_in",),),
):
    """The ticket no longer lets anyone in, from this moment of the database's clock on."""

    ticket_id: Mapped[UUID] = refers("ticket")
    cause: Mapped[str] = choice("void", "refunded")
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    written_in: Mapped[int] = written_in()
    ticket: Mapped[Ticket] = related("ticket_id", "Ticket")


class Reissue(
    Resource,
    append_only="which code was replaced, when and why",
    unique=(("ticket_id", "version"),),
    indexes=(("written_in",),),
):
    """The ticket's codes below `version` are replaced: they scan as void."""

    ticket_id: Mapped[UUID] = refers("ticket")
    version: Mapped[int] = small()
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    written_in: Mapped[int] = written_in()


class TicketPrint(Resource, append_only="one row a printing: the second slip says copy"):
    """The ticket was printed."""

    ticket_id: Mapped[UUID] = refers("ticket")
    format: Mapped[str] = choice("a4", "slip", "codes")
