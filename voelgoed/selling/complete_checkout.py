"""Completing a checkout: charge, then ledger, tickets and outcome in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from voelgoed.checkout.checkout import Checkout, CheckoutOutcome
from voelgoed.checkout.state import lock, state_of
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.workflow import Refused, Workflow
from voelgoed.payments.capture import Tender, capture_cash
from voelgoed.selling.book import book_sale
from voelgoed.selling.convert import convert_hold, tickets_of_sale
from voelgoed.selling.number import draw_number
from voelgoed.ticketing.issue import issue


@dataclass(frozen=True)
class CompleteCheckout:
    """Which checkout, which attempt at it (from 1), and the money that is offered; none for a free sale."""

    checkout_id: UUID
    number: int
    payments: list[Tender]


@dataclass(frozen=True)
class Charged:
    """One payment: its amount, what rounding left to the buyer, and what went back as change, in cents."""

    payment_id: UUID
    amount_cents: int
    rounding_cents: int
    change_cents: int
    at: datetime


complete_checkout = Workflow("complete_checkout", inputs=CompleteCheckout, version=1)


@complete_checkout.step
def checkout(checkout_id: UUID) -> int:
    """Hold the checkout to the end of the deed and say its total in cents; one that has ended is refused."""
    found = lock(checkout_id)
    outcome = state_of(checkout_id).outcome
    if outcome is not None:
        raise Refused("already_paid" if outcome == "paid" else "given_up")
    return found.total_cents


@complete_checkout.step(each="payments")
def charge(
    checkout_id: UUID, checkout: int, payments: list[Tender], payment: Tender, number: int, idempotency_key: str
) -> Charged:
    """Take the money. Cash reaches nothing outside: it is booked with the tickets, or not at all."""
    rest = checkout - sum(one.amount_cents for one in payments if one.gateway != "cash")
    row = capture_cash(
        rows(Checkout).get(checkout_id), payment,
        amount_cents=rest, attempt=number, number=payments.index(payment) + 1, key=idempotency_key,
    )  # fmt: skip
    return Charged(row.id, row.amount_cents, row.rounding_cents, row.change_cents or 0, row.created_at)


@complete_checkout.step
def ledger(checkout_id: UUID, charge: list[Charged]) -> UUID | None:
    """Book the sale; a free one moves nothing."""
    if not charge:
        return None
    # The entry has the payment's moment: the two fall on one trading day, even at five in the morning.
    return book_sale(rows(Checkout).get(checkout_id), at=charge[-1].at).id


@complete_checkout.step(after=[ledger])
def tickets(checkout_id: UUID) -> None:
    """Say that the sale is paid and turn its hold into tickets; the rows that everybody wants come last."""
    run = current_scope().run
    db.session.add(CheckoutOutcome(checkout_id=checkout_id, kind="paid", run_id=UUID(run) if run else None))
    db.session.flush()
    found = rows(Checkout).get(checkout_id)
    wanted = tickets_of_sale(found)
    convert_hold(found)
    point("sale.before_tickets")
    issue(found.event_id, wanted)
    draw_number(found)
    point("sale.written")
