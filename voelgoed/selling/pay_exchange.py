"""An exchange whose difference comes from outside: its money first, then all of the exchange in one transaction.

Meanwhile the new places are held by the new sale, and the old tickets stay as they are. What is declined, or cannot
be done any more when the money is there (a ticket was given back, or used), is undone: the money goes back, the new
places are free, and nothing of the old sale has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.checkout.availability import tell_availability
from voelgoed.checkout.checkout import Checkout, CheckoutAttempt, CheckoutOutcome
from voelgoed.checkout.end import end
from voelgoed.checkout.open import open_checkout
from voelgoed.checkout.pools import bodies_of, move, opposite
from voelgoed.checkout.state import lock, state_of
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Pending, Refused, Workflow, start
from voelgoed.payments.capture import Tender, capture_cash
from voelgoed.payments.gateways import warm_up
from voelgoed.payments.gateways.card import NOT_SURE
from voelgoed.payments.intend import discreet, end_open_charges, intend
from voelgoed.payments.payment import Return
from voelgoed.payments.receive import Charged, receive
from voelgoed.payments.take_money import Unsure, on_charge_error, take_back, take_money
from voelgoed.selling import complete_checkout
from voelgoed.selling import exchange_tickets as exchanging
from voelgoed.selling.book import book_sale
from voelgoed.selling.complete_checkout import TRIES, Opened, is_outside
from voelgoed.selling.exchange_tickets import ExchangeTickets, credit_of, exchange_tickets, pay_by_credit, share_out

CHANGED = "The old tickets are not worth what they were: nothing was exchanged."
GAVE_UP = "The exchange did not go through."


@dataclass(frozen=True)
class PayExchange:
    """What is exchanged, the sale that holds the new places, and the money for the difference, in its order."""

    bought_id: UUID
    checkout_id: UUID
    tickets: tuple[UUID, ...]
    event_id: UUID
    ticket_type_id: UUID
    quantity: int
    reason: str
    key: UUID
    limited: bool
    approved_by: str | None
    payments: list[Tender]


pay_exchange = Workflow("pay_exchange", inputs=PayExchange, version=1)


@pay_exchange.step
def bought(bought_id: UUID, payments: list[Tender]) -> Opened:
    """Hold the new sale; its places were taken when this run was begun."""
    for gateway in {one.gateway for one in payments if one.online}:
        warm_up(gateway)
    found = lock(bought_id)
    if state_of(bought_id).outcome is not None:
        raise Refused("given_up")
    return Opened(found.total_cents, found.organization_id)


@bought.undo
def let_go(bought_id: UUID) -> None:
    """Give the new places back and say of every charge that brought nothing how it ended."""
    found = lock(bought_id)
    end_open_charges(bought_id, 1, GAVE_UP)
    state = state_of(bought_id)
    if state.outcome is not None:
        return
    db.session.add(CheckoutOutcome(checkout_id=bought_id, kind="failed", reason=GAVE_UP))
    db.session.flush()
    if state.hold is not None and end(state.hold.id, "released"):
        move(opposite(bodies_of(state.hold.id)))
        tell_availability(found.event_id)


@pay_exchange.step(each="payments", external=is_outside, retries=TRIES)
def charge(bought: Opened, payment: Tender, idempotency_key: str, attempt: int) -> Charged | Pending:
    """Take the money from outside. Cash is only taken with the exchange, or not at all."""
    if payment.online:
        taken = take_money(bought.organization_id, idempotency_key, payment, attempt)
        return taken if isinstance(taken, Pending) else Charged(None, taken.amount_cents, 0, 0, now(), taken.reference)
    if payment.outside:
        raise Unsure(NOT_SURE)
    return Charged(None, payment.amount_cents, 0, 0, now(), payment.reference)


charge.compensate(on_charge_error)


@charge.undo
def reverse_charge(bought: Opened, payment: Tender, idempotency_key: str) -> None:
    """Take money back by its key; what a card machine took, only a person can."""
    if payment.online:
        take_back(bought.organization_id, idempotency_key)


@pay_exchange.step(after=[charge])
def back(
    checkout_id: UUID, tickets: tuple[UUID, ...], event_id: UUID, ticket_type_id: UUID, quantity: int, reason: str,
    key: UUID, limited: bool, approved_by: str | None,
) -> UUID:  # fmt: skip
    """Take the old tickets back as a credit: from here on all of it is one transaction."""
    sale = exchanging.sale(checkout_id)
    wanted = exchanging.wanted(event_id, ticket_type_id, sale)
    exchanging.places(sale, tickets, wanted)
    given: Return = exchanging.back(sale, tickets, wanted, quantity, reason, key, limited, approved_by)
    return given.id


@pay_exchange.step
def paid(bought_id: UUID, back: UUID, payments: list[Tender], charge: list[Charged]) -> None:
    """Write down what came in, with the credit; refuses when the credit is not what it was at the beginning."""
    sale, given = lock(bought_id), rows(Return).get(back)
    credit = credit_of(given)
    if credit + sum(one.amount_cents for one in payments) != sale.total_cents:
        raise Refused(CHANGED)
    receive(bought_id, 1, charge)
    for number, one in enumerate(payments, start=1):
        if one.gateway == "cash":
            key = f"exchange:{sale.key}:{number}"
            capture_cash(sale, one, amount_cents=one.amount_cents, attempt=1, number=number, key=key)
    if credit:
        pay_by_credit(sale, given, credit, number=len(payments) + 1)


@pay_exchange.step(after=[paid])
def ledger(bought_id: UUID, charge: list[Charged]) -> None:
    """Book the new sale."""
    book_sale(rows(Checkout).get(bought_id), at=max(one.at for one in charge))


@pay_exchange.step(after=[ledger])
def tickets_made(bought_id: UUID) -> None:
    """Turn the hold of the new sale into tickets; the rows that everybody wants come last."""
    complete_checkout.tickets(bought_id)


def begin_exchange(asked: ExchangeTickets) -> UUID:
    """Start the run of an exchange with money from outside, with the caller's transaction; returns the new sale.

    Once under its key. Raises Problem: what `exchange_once` raises, and what beginning to pay raises.
    """
    lock(asked.checkout_id)
    again = db.session.scalars(select(Checkout).where(Checkout.key == asked.key)).one_or_none()
    if again is not None:
        return again.id
    due = _due(asked)
    event = rows(Event).get(asked.event_id)
    new = open_checkout(event, [(asked.ticket_type_id, asked.quantity)], key=asked.key, fees=False)
    new.customer_id = lock(asked.checkout_id).customer_id
    tenders = _whole(share_out(new, due, asked.tenders), due)
    run_id = _start(asked, new.id, tenders)
    db.session.add(CheckoutAttempt(checkout_id=new.id, number=1, run_id=run_id))
    intend(new, 1, tenders, run_id)
    db.session.flush()
    point("exchange.begun")
    return new.id


def _start(asked: ExchangeTickets, new_id: UUID, tenders: list[Tender]) -> UUID:
    inputs = PayExchange(
        new_id, asked.checkout_id, asked.tickets, asked.event_id, asked.ticket_type_id, asked.quantity, asked.reason,
        asked.key, asked.limited, asked.approved_by, discreet(tenders),
    )  # fmt: skip
    return start(pay_exchange, inputs, key=str(asked.key))


def _due(asked: ExchangeTickets) -> int:
    """Say what is to be paid: the exchange is done without money, and taken back to a savepoint."""
    savepoint = db.session.begin_nested()
    try:
        exchange_tickets.here(replace(asked, tender=None, tenders=()))
    except Problem as problem:
        if problem.type == "payment_needed":
            return int(problem.extra["due_cents"])
        raise
    finally:
        savepoint.rollback()
    raise Problem(422, "nothing_to_pay", "Nothing is to be paid", "Nothing was changed.")


def _whole(tenders: Sequence[Tender], due: int) -> list[Tender]:
    """Have cash pay what the others leave, to the cent: it rounds when it is taken."""
    others = sum(one.amount_cents for one in tenders if one.gateway != "cash")
    return [replace(one, amount_cents=due - others) if one.gateway == "cash" else one for one in tenders]
