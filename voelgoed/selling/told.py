"""What is told of a sale: its state, its lines, its tickets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.checkout import Checkout, CheckoutLine, Hold
from voelgoed.checkout.price import cash_part, rounded_off
from voelgoed.checkout.state import state_of
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.payments.capture import cash_step
from voelgoed.payments.payment import Payment
from voelgoed.selling.fees_told import tell_fees
from voelgoed.ticketing.ticket import Ticket, TicketVoid


def tell_checkout(checkout: Checkout) -> dict[str, Any]:
    """Return a checkout as JSON says it: totals in cents, lines, the moment its hold ends."""
    step = cash_step()
    lines = lines_of(checkout)
    last = select(func.max(Hold.expires_at)).where(Hold.checkout_id == checkout.id)
    expires_at = db.session.scalar(last)
    return {
        "id": str(checkout.id),
        "event_id": str(checkout.event_id),
        "total_cents": checkout.total_cents,
        "cash_total_cents": cash_part(checkout.total_cents, step),
        "rounding_cents": rounded_off(checkout.total_cents, step),
        "currency": checkout.currency,
        "discount_cents": sum(line.discount_cents for line, _ in lines),
        "lines": [_line(line, name) for line, name in lines],
        "fees": tell_fees(checkout),
        "hold_expires_at": expires_at.isoformat() if expires_at else None,
    }


def lines_of(checkout: Checkout) -> Sequence[tuple[CheckoutLine, str]]:
    """Return the lines with the names of their types, in the types' order."""
    statement = (
        select(CheckoutLine, TicketType.name)
        .join(TicketType, TicketType.id == CheckoutLine.ticket_type_id)
        .where(CheckoutLine.checkout_id == checkout.id)
        .order_by(TicketType.number)
        .execution_options(include_archived=True)
    )
    return [(line, name) for line, name in db.session.execute(statement)]


def _line(line: CheckoutLine, name: str) -> dict[str, Any]:
    return {
        "ticket_type_id": str(line.ticket_type_id),
        "name": name,
        "quantity": line.quantity,
        "unit_cents": line.unit_cents,
        "discount_cents": line.discount_cents,
        "total_cents": line.total_cents,
        "vat_cents": line.vat_cents,
    }


def tickets_of(checkout: Checkout) -> Sequence[Ticket]:
    """Return a sale's tickets, in order of number."""
    statement = (
        select(Ticket)
        .join(CheckoutLine, CheckoutLine.id == Ticket.checkout_line_id)
        .where(CheckoutLine.checkout_id == checkout.id)
        .order_by(Ticket.number)
    )
    return db.session.scalars(statement).all()


def stands(checkout: Checkout) -> tuple[str, Sequence[Ticket]]:
    """Say how a sale stands (as `word_of`), with its tickets.

    The state is read first: a sale that is paid at this very moment is never told as paid without what was sold.
    """
    word = state_of(checkout.id).word
    if word == "paid" and checkout.number is None:
        db.session.refresh(checkout, ["number"])
    tickets = tickets_of(checkout)
    return _or_refunded(word, tickets), tickets


def word_of(checkout: Checkout, tickets: Sequence[Ticket]) -> str:
    """Say how a sale stands: open, paying, paid, failed, expired, or refunded once all its tickets are void."""
    return _or_refunded(state_of(checkout.id).word, tickets)


def _or_refunded(word: str, tickets: Sequence[Ticket]) -> str:
    if word != "paid" or not tickets:
        return word
    void = rows(TicketVoid).filter(TicketVoid.ticket_id.in_([one.id for one in tickets])).count()
    return "refunded" if void == len(tickets) else word


def change_of(checkout: Checkout) -> int:
    """Return the change that a sale gave, in cents."""
    return sum(one.change_cents or 0 for one in children(checkout, Payment))
