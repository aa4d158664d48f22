"""Closing a reserve book: what was never sold is void and its places are free; who went in stays to be asked about."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, current_scope
from voelgoed.selling.reserve import ReserveBook, ReserveClosure, ReserveSold, ReserveTicket
from voelgoed.selling.reserve_key_in import lock_book
from voelgoed.selling.voiding import free_places, hold_tickets, void_tickets
from voelgoed.ticketing.entered import has_entered
from voelgoed.ticketing.ticket import Ticket, TicketVoid


def close_book(book: ReserveBook, reason: str) -> ReserveClosure:
    """Close a book, once: its tickets that are neither sold nor void become void, and their places free.

    A ticket with which somebody went in stays as it is: it was sold, its place is filled, and its money is missing
    until it is keyed in, which a closed book still takes.
    """
    book = lock_book(book.id)
    found = children(book, ReserveClosure).one_or_none()
    if found is not None:
        return found
    left = hold_tickets(db.session.scalars(open_tickets(book)).all())
    inside = {one.id for one in left if has_entered(one.id)}
    rest = [one for one in left if one.id not in inside]
    actor = current_scope().actor.label
    made = ReserveClosure(book_id=book.id, void=len(rest), missing=len(inside), reason=reason, actor=actor)
    db.session.add(made)
    void_tickets(rest, "void", f"Never sold: reserve book {book.number} was closed", actor)
    free_places(rest)
    return made


def open_tickets(book: ReserveBook) -> Select[UUID]:
    """Select the ids of a book's tickets that are neither keyed in nor void."""
    keyed = select(ReserveSold.id).where(ReserveSold.ticket_id == ReserveTicket.ticket_id).exists()
    void = select(TicketVoid.id).where(TicketVoid.ticket_id == ReserveTicket.ticket_id).exists()
    mine = select(Ticket.id).join(ReserveTicket, ReserveTicket.ticket_id == Ticket.id)
    return mine.where(ReserveTicket.book_id == book.id, ~keyed, ~void)
