"""Reserve books: tickets printed before doors for a dead network, sold on paper, keyed in later."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, cents, flag, identifier, integer, refers, related, text
from voelgoed.ticketing.ticket import Ticket

MOST = 60
"""Tickets in one book: what a page prints at once; an event has as many books as it wants."""


class ReserveBook(
    Resource,
    unique=(("event_id", "number"), ("key",)),
    checks={
        "some_tickets": f"quantity BETWEEN 1 AND {MOST}",
        "price_is_not_negative": "price_cents >= 0 AND fees_cents >= 0",
    },
):
    """Signed, numbered tickets of one type at one price (cents), whose places are held from the moment of printing.

    `fees_cents`: the fees on each, in what is printed and paid. Fees on a whole sale are not asked: nobody knows how
    many sales were made of it on paper.
    Its tickets open the gate at once: nobody can ask then. They have no sale until they are keyed in.
    """

    event_id: Mapped[UUID] = refers("event")
    ticket_type_id: Mapped[UUID] = refers("ticket_type")
    number: Mapped[int] = integer()
    key: Mapped[UUID] = identifier(nullable=False)
    quantity: Mapped[int] = integer()
    price_cents: Mapped[int] = cents()
    fees_cents: Mapped[int] = cents(default=0)
    actor: Mapped[str] = text(400)
    event: Mapped[Event] = related("event_id", "Event")
    ticket_type: Mapped[TicketType] = related("ticket_type_id", "TicketType")

    @property
    def paid_cents(self) -> int:
        """What is paid for each: the price that is printed on it."""
        return self.price_cents + self.fees_cents


class ReserveFee(Resource, append_only="a printed price is fixed with its book", unique=(("book_id", "fee_id"),)):
    """A fee in the printed price of each ticket of a book (cents), as it was when the book was made."""

    book_id: Mapped[UUID] = refers("reserve_book")
    fee_id: Mapped[UUID] = refers("fee")
    name: Mapped[str] = text(80)
    unit_cents: Mapped[int] = cents()
    vat_rate_bp: Mapped[int] = integer()
    kept: Mapped[bool] = flag()


class ReservePool(Resource, append_only="what a printed book holds is fixed with it", unique=(("book_id", "pool_id"),)):
    """Each ticket of the book that has no sale and is not void holds its bodies in this pool."""

    book_id: Mapped[UUID] = refers("reserve_book")
    pool_id: Mapped[UUID] = refers("pool")


class ReserveTicket(Resource, append_only="a ticket is bound into one book for good", unique=(("ticket_id",),)):
    """A ticket that was printed in a book."""

    book_id: Mapped[UUID] = refers("reserve_book")
    ticket_id: Mapped[UUID] = refers("ticket")


class ReserveSold(Resource, append_only="a serial is keyed in once", unique=(("ticket_id",),)):
    """A ticket of a book was keyed in: this is the sale that it now belongs to."""

    book_id: Mapped[UUID] = refers("reserve_book")
    ticket_id: Mapped[UUID] = refers("ticket")
    checkout_id: Mapped[UUID] = refers("checkout")
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")


class ReserveClosure(Resource, append_only="a book is closed once", unique=(("book_id",),)):
    """The book was closed: so many tickets were never sold and are void, so many were let in and never keyed in."""

    book_id: Mapped[UUID] = refers("reserve_book")
    void: Mapped[int] = integer()
    missing: Mapped[int] = integer()
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)


def reserve_prices(tickets: Iterable[Ticket]) -> dict[UUID, int]:
    """Return ticket → the price printed on it (cents), for those of books that have no sale yet."""
    unsold = [one.id for one in tickets if one.checkout_line_id is None]
    if not unsold:
        return {}
    priced = select(ReserveTicket.ticket_id, ReserveBook.price_cents + ReserveBook.fees_cents).join(
        ReserveBook, ReserveBook.id == ReserveTicket.book_id
    )
    return {row[0]: row[1] for row in db.session.execute(priced.where(ReserveTicket.ticket_id.in_(unsold)))}


def pools_reserved(ticket_ids: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (ticket, pool) for each place that tickets of books were printed with."""
    held = select(ReserveTicket.ticket_id, ReservePool.pool_id).join(
        ReservePool, ReservePool.book_id == ReserveTicket.book_id
    )
    found = db.session.execute(held.where(ReserveTicket.ticket_id.in_(list(ticket_ids))))
    return [(ticket_id, pool_id) for ticket_id, pool_id in found]
