"""Keying in what a reserve book sold on paper: one sale for a range of serials, into the seller's open shift."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select, update

from voelgoed.checkout.checkout import Checkout, CheckoutLine, CheckoutOutcome
from voelgoed.checkout.end import end
from voelgoed.checkout.fee import CheckoutFee
from voelgoed.checkout.hold import make_hold
from voelgoed.checkout.price import included_vat
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import because, children, current_scope
from voelgoed.foundation.web import Problem
from voelgoed.payments.capture import Tender
from voelgoed.selling.book import book_sale
from voelgoed.selling.invoicing import make_out
from voelgoed.selling.number import draw_number
from voelgoed.selling.reserve import ReserveBook, ReserveFee, ReservePool, ReserveSold, ReserveTicket
from voelgoed.selling.reserve_serials import in_runs
from voelgoed.selling.take_here import take_here
from voelgoed.selling.voiding import free_places, hold_tickets, void_tickets
from voelgoed.ticketing.ticket import Ticket
from voelgoed.tills.own_shift import need_own_shift


@dataclass(frozen=True)
class KeyIn:
    """What the stubs say: the numbers from first to last, but those still in the book (`unsold`) and those `spoilt`.

    `tender` is cash, or a card machine's slip, for all of them; `key` makes it happen once.
    """

    book_id: UUID
    first: int
    last: int
    unsold: frozenset[int]
    spoilt: frozenset[int]
    tender: Tender
    key: UUID

    @property
    def sold(self) -> list[int]:
        """The numbers that were sold."""
        return [one for one in range(self.first, self.last + 1) if one not in self.unsold | self.spoilt]


def lock_book(book_id: UUID) -> ReserveBook:
    """Hold a book to the commit: keying in and closing take turns."""
    return db.session.scalars(
        select(ReserveBook).where(ReserveBook.id == book_id).with_for_update(key_share=True)
    ).one()


def key_in(asked: KeyIn) -> Checkout | None:
    """Sell a range of a book, once under its key, with the caller's transaction; None when all of it was spoilt.

    Raises Problem: 409 `keyed_in` or `already_void` with the serials, `no_open_shift`; 422 `nothing_sold`,
    `not_in_range`, `key_reused`.
    """
    book = lock_book(asked.book_id)
    again = db.session.scalars(select(Checkout).where(Checkout.key == asked.key)).one_or_none()
    if again is not None:
        return _same(asked, again)
    _refuse_odd(asked)
    shift = need_own_shift()
    tickets = _held(book, [*asked.sold, *asked.spoilt])
    sold = [one for one in tickets if one.number not in asked.spoilt]
    spoilt = [one for one in tickets if one.number in asked.spoilt]
    bought = _sell(book, sold, asked, shift.id) if sold else None
    _spoil(book, spoilt)
    if bought is not None:
        point("reserve.before_number")
        make_out(bought, draw_number(bought), many_buyers=True)
    point("reserve.keyed_in")
    return bought


def _same(asked: KeyIn, sale: Checkout) -> Checkout:
    numbers = select(Ticket.number).join(ReserveSold, ReserveSold.ticket_id == Ticket.id)
    mine = numbers.where(ReserveSold.checkout_id == sale.id, ReserveSold.book_id == asked.book_id)
    if sorted(db.session.scalars(mine)) != asked.sold:
        raise Problem(422, "key_reused", detail="This key was used for another sale. Nothing was changed.")
    return sale


def _refuse_odd(asked: KeyIn) -> None:
    whole = set(range(asked.first, asked.last + 1))
    if not whole or not (asked.unsold | asked.spoilt) <= whole or asked.unsold & asked.spoilt:
        raise Problem(422, "not_in_range", "The serials do not fit together",
                      "Those not sold and those spoilt lie between the first and the last, each in one list. "
                      "Nothing was keyed in.")  # fmt: skip
    if not asked.sold and not asked.spoilt:
        raise Problem(422, "nothing_sold", "Nothing of it was sold", "Nothing was keyed in.")


def _held(book: ReserveBook, numbers: Collection[int]) -> list[Ticket]:
    """Hold the tickets of these numbers, all of this book; refuse those that were keyed in, or are void."""
    mine = select(Ticket.id).join(ReserveTicket, ReserveTicket.ticket_id == Ticket.id)
    ids = db.session.scalars(mine.where(ReserveTicket.book_id == book.id, Ticket.number.in_(numbers))).all()
    if len(ids) != len(numbers):
        raise Problem(409, "other_book", "Not all of them are of this book", "Nothing was keyed in.")
    tickets = hold_tickets(ids)
    keyed = select(ReserveSold.ticket_id).where(ReserveSold.ticket_id.in_(ids))
    twice = set(db.session.scalars(keyed))
    if twice:
        which = in_runs([one for one in tickets if one.id in twice])
        raise Problem(409, "keyed_in", "Keyed in already", f"{which}. Nothing more was keyed in.")
    return sorted(tickets, key=lambda one: one.number)


def _sell(book: ReserveBook, tickets: Sequence[Ticket], asked: KeyIn, shift_id: UUID) -> Checkout:
    sale, line = _write(book, tickets, asked.key)
    keyed = [{"book_id": book.id, "ticket_id": one.id, "checkout_id": sale.id} for one in tickets]
    db.session.execute(insert(ReserveSold), keyed)
    mine = update(Ticket).where(Ticket.id.in_([one.id for one in tickets])).values(checkout_line_id=line.id)
    with because(f"keyed in from reserve book {book.number}"):
        db.session.execute(mine)
    held = make_hold(sale.id, [(line.id, _pools(book), sum(one.bodies for one in tickets))], now())
    end(held.id, "converted")
    db.session.add(CheckoutOutcome(checkout_id=sale.id, kind="paid"))
    if sale.total_cents:
        paid = take_here(sale, asked.tender, sale.total_cents, number=1, key=f"reserve:{asked.key}", shift_id=shift_id)
        point("reserve.before_ledger")
        book_sale(sale, at=paid.created_at)
    return sale


def _write(book: ReserveBook, tickets: Sequence[Ticket], key: UUID) -> tuple[Checkout, CheckoutLine]:
    """Write the sale, its one line and the fees on it, at the price that is printed on the tickets."""
    actor, rate, total = current_scope().actor, book.ticket_type.vat_rate_bp, len(tickets) * book.price_cents
    fees = len(tickets) * book.fees_cents
    sale = Checkout(
        event_id=book.event_id, key=key, channel="till", currency=book.event.currency, total_cents=total + fees,
        fees_cents=fees, seller_id=actor.id, seller_label=actor.label,
    )  # fmt: skip
    db.session.add(sale)
    db.session.flush()
    line = CheckoutLine(
        checkout_id=sale.id, ticket_type_id=book.ticket_type_id, quantity=len(tickets), unit_cents=book.price_cents,
        total_cents=total, vat_rate_bp=rate, vat_cents=included_vat(total, rate),
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
    db.session.add_all(_borne(one, line) for one in children(book, ReserveFee).order_by(ReserveFee.id))
    return sale, line


def _borne(fee: ReserveFee, line: CheckoutLine) -> CheckoutFee:
    cents = fee.unit_cents * line.quantity
    return CheckoutFee(
        checkout_id=line.checkout_id, checkout_line_id=line.id, fee_id=fee.fee_id, name=fee.name,
        quantity=line.quantity, unit_cents=fee.unit_cents, total_cents=cents, vat_rate_bp=fee.vat_rate_bp,
        vat_cents=included_vat(cents, fee.vat_rate_bp), kept=fee.kept,
    )  # fmt: skip


def _pools(book: ReserveBook) -> list[UUID]:
    return [one.pool_id for one in children(book, ReservePool).order_by(ReservePool.pool_id)]


def _spoil(book: ReserveBook, tickets: Sequence[Ticket]) -> None:
    if tickets:
        void_tickets(tickets, "void", f"Spoilt in reserve book {book.number}", current_scope().actor.label)
        free_places(tickets)


def keyed_words(sale: Checkout) -> tuple[str, ...]:
    """Say on the paper of a sale that was keyed in, of which book and which serials it is; nothing for any other."""
    statement = (
        select(Ticket, ReserveBook.number)
        .join(ReserveSold, ReserveSold.ticket_id == Ticket.id)
        .join(ReserveBook, ReserveBook.id == ReserveSold.book_id)
        .where(ReserveSold.checkout_id == sale.id)
        .order_by(Ticket.number)
    )
    found = db.session.execute(statement).all()
    return (f"Reserve book {found[0][1]}: {in_runs([one for one, _ in found])}",) if found else ()
