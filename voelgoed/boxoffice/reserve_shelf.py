"""How reserve books stand: printed, sold, spoilt, open, closed; and who was let in with a ticket not keyed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.scanning.admission import Admission
from voelgoed.selling.reserve import ReserveBook, ReserveClosure, ReserveSold, ReserveTicket
from voelgoed.selling.reserve_serials import in_runs
from voelgoed.ticketing.ticket import Ticket, TicketPrint, TicketVoid


@dataclass(frozen=True)
class Standing:
    """A book with its tickets counted by what became of them; its first and last serial."""

    book: ReserveBook
    first: str
    last: str
    sold: int
    void: int
    admitted: int
    printed: bool
    closure: ReserveClosure | None

    @property
    def open(self) -> int:
        """Tickets that are neither keyed in nor void: in the book, on paper somewhere, or inside."""
        return self.book.quantity - self.sold - self.void

    @property
    def missing_cents(self) -> int:
        """What the tickets cost with which somebody went in, and whose money nobody keyed in."""
        return self.admitted * self.book.paid_cents


@dataclass(frozen=True)
class Inside:
    """A ticket that was admitted before it was keyed in: when and where first."""

    ticket: Ticket
    at: datetime
    gate: str


@dataclass(frozen=True)
class Keyed:
    """A sale that was keyed in from a book, with its serials as runs."""

    sale: Checkout
    tickets: int
    serials: str


_ADMITTED = select(Admission.id).where(Admission.ticket_id == Ticket.id).exists()
_VOID = and_(TicketVoid.ticket_id == Ticket.id)


def shelf(event: Event) -> list[Standing]:
    """Return an event's books with how they stand, in their order."""
    books = children(event, ReserveBook).order_by(ReserveBook.number).all()
    return standings(books)


def standings(books: Sequence[ReserveBook]) -> list[Standing]:
    """Count the tickets of books, in one statement for all."""
    ids = [one.id for one in books]
    unsold = and_(ReserveSold.id.is_(None), TicketVoid.id.is_(None))
    statement = (
        select(
            ReserveTicket.book_id, func.min(Ticket.serial), func.max(Ticket.serial), func.count(ReserveSold.id),
            func.count().filter(ReserveSold.id.is_(None), TicketVoid.id.is_not(None)),
            func.count().filter(unsold, _ADMITTED),
        )
        .select_from(ReserveTicket)
        .join(Ticket, Ticket.id == ReserveTicket.ticket_id)
        .outerjoin(ReserveSold, ReserveSold.ticket_id == Ticket.id)
        .outerjoin(TicketVoid, _VOID)
        .where(ReserveTicket.book_id.in_(ids))
        .group_by(ReserveTicket.book_id)
    )  # fmt: skip
    counted = {row[0]: row[1:] for row in db.session.execute(statement)}
    closures = {one.book_id: one for one in db.session.scalars(
        select(ReserveClosure).where(ReserveClosure.book_id.in_(ids)))}  # fmt: skip
    printed = _printed(ids)
    return [Standing(one, *counted[one.id], one.id in printed, closures.get(one.id)) for one in books]


def _printed(ids: list[UUID]) -> set[UUID]:
    statement = select(ReserveTicket.book_id).join(TicketPrint, TicketPrint.ticket_id == ReserveTicket.ticket_id)
    return set(db.session.scalars(statement.where(ReserveTicket.book_id.in_(ids)).distinct()))


def tickets_of_book(book: ReserveBook) -> Sequence[Ticket]:
    """Return a book's tickets, in order of number."""
    statement = select(Ticket).join(ReserveTicket, ReserveTicket.ticket_id == Ticket.id)
    return db.session.scalars(statement.where(ReserveTicket.book_id == book.id).order_by(Ticket.number)).all()


def not_keyed_in(book: ReserveBook) -> list[Inside]:
    """Return the tickets that are neither keyed in nor void with which somebody went in, each with its first entry."""
    statement = (
        select(Ticket, Admission.opened_at, Gate.name)
        .join(ReserveTicket, ReserveTicket.ticket_id == Ticket.id)
        .join(Admission, Admission.ticket_id == Ticket.id)
        .join(Gate, Gate.id == Admission.gate_id)
        .outerjoin(ReserveSold, ReserveSold.ticket_id == Ticket.id)
        .outerjoin(TicketVoid, _VOID)
        .where(ReserveTicket.book_id == book.id, ReserveSold.id.is_(None), TicketVoid.id.is_(None))
        .order_by(Ticket.number, Admission.opened_at)
    )
    first: dict[UUID, Inside] = {}
    for ticket, at, gate in db.session.execute(statement):
        first.setdefault(ticket.id, Inside(ticket, at, gate))
    return list(first.values())


def keyed_from(book: ReserveBook) -> list[Keyed]:
    """Return the sales that were keyed in from a book, in their order."""
    statement = (
        select(Checkout, Ticket)
        .join(ReserveSold, ReserveSold.checkout_id == Checkout.id)
        .join(Ticket, Ticket.id == ReserveSold.ticket_id)
        .where(ReserveSold.book_id == book.id)
        .order_by(Checkout.number, Ticket.number)
    )
    found: dict[UUID, tuple[Checkout, list[Ticket]]] = {}
    for sale, ticket in db.session.execute(statement):
        found.setdefault(sale.id, (sale, []))[1].append(ticket)
    return [Keyed(sale, len(tickets), in_runs(tickets)) for sale, tickets in found.values()]


def spoilt_of(book: ReserveBook) -> str:
    """Return the serials of a book that became void without a sale, as runs."""
    statement = (
        select(Ticket)
        .join(ReserveTicket, ReserveTicket.ticket_id == Ticket.id)
        .join(TicketVoid, _VOID)
        .outerjoin(ReserveSold, ReserveSold.ticket_id == Ticket.id)
        .where(ReserveTicket.book_id == book.id, ReserveSold.id.is_(None))
    )
    return in_runs(db.session.scalars(statement).all())


def open_of(book: ReserveBook) -> str:
    """Return the serials of a book that are neither keyed in nor void, as runs."""
    statement = (
        select(Ticket)
        .join(ReserveTicket, ReserveTicket.ticket_id == Ticket.id)
        .outerjoin(TicketVoid, _VOID)
        .outerjoin(ReserveSold, ReserveSold.ticket_id == Ticket.id)
        .where(ReserveTicket.book_id == book.id, ReserveSold.id.is_(None), TicketVoid.id.is_(None))
    )
    return in_runs(db.session.scalars(statement).all())
