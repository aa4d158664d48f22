"""Completing a checkout: charge, then ledger, tickets and outcome in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from voelgoed.checkout.checkout import CheckoutOutcome
from voelgoed.checkout.state import lock
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.workflow import Pending, Refused, Workflow
from voelgoed.foundation.workflow.journal import WorkflowStep
from voelgoed.payments.capture import Tender, capture_cash
from voelgoed.payments.gateways import warm_up
from voelgoed.payments.gateways.card import NOT_SURE
from voelgoed.payments.intend import end_open_charges
from voelgoed.payments.receive import Charged, receive
from voelgoed.payments.take_money import Unsure, on_charge_error, take_back, take_money
from voelgoed.selling.book import Received, book_sale
from voelgoed.selling.convert import convert_hold, tickets_of_sale
from voelgoed.selling.invoicing import make_out
from voelgoed.selling.number import draw_number
from voelgoed.selling.sale import sale_of
from voelgoed.ticketing.issue import issue

TRIES = 8  # of one charge that broke off, before it is taken back by its key


@dataclass(frozen=True)
class CompleteCheckout:
    """Which checkout, which attempt at it (from 1), and the money that is offered; none for a free sale."""

    checkout_id: UUID
    number: int
    payments: list[Tender]


@dataclass(frozen=True)
class Opened:
    """A checkout about to be paid: its total in cents, and whose it is, for those who work outside."""

    total_cents: int
    organization_id: UUID


complete_checkout = Workflow("complete_checkout", inputs=CompleteCheckout, version=1)


def is_outside(payment: Tender) -> bool:
    """Say whether somebody else must be asked for this money."""
    return payment.outside


@complete_checkout.step
def checkout(checkout_id: UUID, payments: list[Tender]) -> Opened:
    """Hold the checkout to the end of the deed; one that has ended is refused."""
    for gateway in {one.gateway for one in payments if one.online}:
        warm_up(gateway)
    found, outcome = lock(checkout_id), sale_of(checkout_id).state.outcome
    if outcome is not None:
        raise Refused("already_paid" if outcome == "paid" else "given_up")
    return Opened(found.total_cents, found.organization_id)


@checkout.undo
def end_charges(checkout_id: UUID, number: int) -> None:
    """Say of every charge that brought nothing how it ended; all that could be taken back has been by now."""
    run = current_scope().run
    failed = select(WorkflowStep.reason).where(
        WorkflowStep.run_id == UUID(str(run)), WorkflowStep.kind.in_(("failed", "refused"))
    )
    reason = db.session.scalar(failed.order_by(WorkflowStep.position.desc()).limit(1))
    end_open_charges(checkout_id, number, reason or "The sale did not go through.")


@complete_checkout.step(each="payments", external=is_outside, retries=TRIES)
def charge(
    checkout_id: UUID, checkout: Opened, payments: list[Tender], payment: Tender, number: int, idempotency_key: str,
    attempt: int,
) -> Charged | Pending:  # fmt: skip
    """Take the money. Cash reaches nothing outside: it is booked with the tickets, or not at all."""
    if payment.online:
        taken = take_money(checkout.organization_id, idempotency_key, payment, attempt)
        return taken if isinstance(taken, Pending) else Charged(None, taken.amount_cents, 0, 0, now(), taken.reference)
    if payment.outside:
        raise Unsure(NOT_SURE)
    if payment.gateway != "cash":
        return Charged(None, payment.amount_cents, 0, 0, now(), payment.reference)
    rest = checkout.total_cents - sum(one.amount_cents for one in payments if one.gateway != "cash")
    row = capture_cash(
        lock(checkout_id), payment,
        amount_cents=rest, attempt=number, number=payments.index(payment) + 1, key=idempotency_key,
    )  # fmt: skip
    return Charged(row.id, row.amount_cents, row.rounding_cents, row.change_cents or 0, row.created_at)


charge.compensate(on_charge_error)


@charge.undo
def reverse_charge(checkout: Opened, payment: Tender, idempotency_key: str) -> None:
    """Take money back by its key, for who timed out has no result; what a card machine took, only a person can."""
    if payment.online:
        take_back(checkout.organization_id, idempotency_key)


@complete_checkout.step
def received(checkout_id: UUID, number: int, payments: list[Tender], charge: list[Charged]) -> None:
    """Write down what came from outside; from here on the checkout is held to the end."""
    if all(one.gateway == "cash" for one in payments):
        return
    lock(checkout_id)
    receive(checkout_id, number, charge)


@complete_checkout.step(after=[received])
def ledger(checkout_id: UUID, payments: list[Tender], charge: list[Charged]) -> UUID | None:
    """Book the sale; a free one moves nothing."""
    if not charge:
        return None
    received = [
        Received(paid.gateway, came.amount_cents, came.rounding_cents, paid.shift_id)
        for paid, came in zip(payments, charge, strict=True)
    ]
    # The entry has the payment's moment: the two fall on one trading day, even at five in the morning.
    return book_sale(lock(checkout_id), at=max(one.at for one in charge), received=received).id


@complete_checkout.step(after=[ledger])
def tickets(checkout_id: UUID) -> None:
    """Say that the sale is paid and turn its hold into tickets; the rows that everybody wants come last."""
    run = current_scope().run
    db.session.add(CheckoutOutcome(checkout_id=checkout_id, kind="paid", run_id=UUID(run) if run else None))
    found = lock(checkout_id)
    convert_hold(found)
    point("sale.before_tickets")
    issue(found.event_id, tickets_of_sale(found))
    make_out(found, draw_number(found))
    point("sale.written")
