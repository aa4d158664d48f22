"""Printing a reserve book: its places are taken by the same conditional update as a sale's, then its tickets made."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.checkout.availability import left_of, tell_availability
from voelgoed.checkout.levy import Levied, levy
from voelgoed.checkout.order import read_order
from voelgoed.checkout.pools import move, pools_of
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import children, current_scope
from voelgoed.foundation.web import Problem
from voelgoed.selling.reserve import ReserveBook, ReserveFee, ReservePool, ReserveTicket
from voelgoed.ticketing.issue import Wanted, issue


def print_book(event: Event, ticket_type_id: UUID, quantity: int, key: UUID) -> ReserveBook:
    """Make a book of tickets of one type at its price of now, once under its key.

    Its tickets are for after the sales window, too: only the pools, the price and the event's end are judged.
    Raises Problem: 409 `sold_out` with what is left, `not_to_be_had` for a type that is put away, changed or over.
    """
    # Whoever prints a book of this event takes turns: books count from 1.
    db.session.execute(select(Event.id).where(Event.id == event.id).with_for_update(key_share=True))
    found = db.session.scalars(select(ReserveBook).where(ReserveBook.key == key)).one_or_none()
    if found is not None:
        return found
    kind = children(event, TicketType).get(ticket_type_id)
    fees = _fees(event, kind)
    book = ReserveBook(
        event_id=event.id, ticket_type_id=kind.id, number=_next(event), key=key, quantity=quantity,
        price_cents=kind.price_cents, fees_cents=sum(one.total_cents for one in fees),
        actor=current_scope().actor.label,
    )  # fmt: skip
    db.session.add(book)
    db.session.flush()
    db.session.add_all(_printed(book, one) for one in fees)
    _take(event, kind, book)
    point("reserve.before_tickets")
    ids = issue(event.id, [Wanted(kind, quantity)])
    db.session.execute(insert(ReserveTicket), [{"book_id": book.id, "ticket_id": one} for one in ids])
    tell_availability(event.id)
    return book


def _fees(event: Event, kind: TicketType) -> list[Levied]:
    """Return the fees that one ticket of a type bears at a till now."""
    order = read_order(event, [(kind.id, 1)])
    return levy([one for one in order.fees if one.per == "ticket"], order.lines, "till")


def _printed(book: ReserveBook, one: Levied) -> ReserveFee:
    return ReserveFee(
        book_id=book.id, fee_id=one.fee.id, name=one.fee.name, unit_cents=one.total_cents,
        vat_rate_bp=one.fee.vat_rate_bp, kept=one.fee.kept,
    )  # fmt: skip


def _next(event: Event) -> int:
    last = select(func.max(ReserveBook.number)).where(ReserveBook.event_id == event.id)
    return (db.session.scalar(last) or 0) + 1


def _take(event: Event, kind: TicketType, book: ReserveBook) -> None:
    pools = pools_of([kind.id])[kind.id]
    if pools:
        db.session.execute(insert(ReservePool), [{"book_id": book.id, "pool_id": one} for one in pools])
    bodies = book.quantity * kind.bodies
    if pools and move(dict.fromkeys(pools, bodies), _still_so(kind)):
        return
    left = left_of(event)
    if (some := left.get(str(kind.id), 0)) < book.quantity:
        raise Problem(409, "sold_out", "Not enough places are left",
                      f"{some} of {kind.name} are left. Nothing was printed.", left=left)  # fmt: skip
    raise Problem(409, "not_to_be_had", "This type cannot be printed now",
                  "Its price was changed, or it is over. Nothing was printed: load the page again.")  # fmt: skip


def _still_so(kind: TicketType) -> ColumnElement[bool]:
    """Say in SQL that the price is the one that is printed, and that the last day is not over."""
    ends = (
        select(func.max(Day.ends_at))
        .join(Pool, Pool.day_id == Day.id)
        .join(TypePool, TypePool.pool_id == Pool.id)
        .where(TypePool.ticket_type_id == kind.id)
        .scalar_subquery()
    )
    priced = select(TicketType.id).join(Event, Event.id == TicketType.event_id)
    return priced.where(
        TicketType.id == kind.id, TicketType.price_cents == kind.price_cents, TicketType.archived_at.is_(None),
        Event.archived_at.is_(None), ends > func.clock_timestamp(),
    ).exists()  # fmt: skip
