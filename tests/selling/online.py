"""Paying outside: an account at the simulator, runs carried on by hand, and how the money then stands."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from tests.checkout.programme import Programme, hold
from tests.payments.processors import Account, Processors
from voelgoed.checkout.checkout import Checkout, CheckoutAttempt
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import Outcome, carry_on, outcome_of
from voelgoed.payments.capture import Tender
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.payment import Charge, ChargeEnd, Payment
from voelgoed.selling.begin import begin_to_pay
from voelgoed.ticketing.ticket import Ticket

PAYS = {"stripe": "pm_card_visa", "paystack": "AUTH_success"}
ASKS = "pm_card_threeDSecure2Required"
DECLINES = {"stripe": "pm_card_chargeDeclined", "paystack": "AUTH_declined"}


@dataclass
class Shop:
    """An account of ours at a processor, and the processor's side of it."""

    row_id: UUID
    gateway: str
    at: Account

    def tender(self, cents: int, method: str | None = None, **more: object) -> Tender:
        return Tender(self.gateway, cents, method=method or PAYS[self.gateway], **more)


def set_up(processors: Processors, gateway: str) -> Shop:
    """Open an account at the processor and give our organization its keys, in the open scope."""
    at = processors.account(gateway)
    row = rows(GatewayAccount).filter_by(gateway=gateway, mode="test").one_or_none()
    if row is None:
        row = GatewayAccount(gateway=gateway, mode="test", hook=uuid4())
        db.session.add(row)
    row.address, row.active = at.address, True
    row.secret, row.webhook_secret = at.secret.encode(), f"whsec_{secrets.token_hex(8)}".encode()
    commit()
    return Shop(row.id, gateway, at)


def begin(programme: Programme, *tenders: Tender, quantity: int = 1, checkout_id: UUID | None = None) -> UUID:
    """Begin to pay for so many tickets; returns the run."""
    checkout_id = checkout_id or hold(programme, quantity)
    run_id = begin_to_pay(rows(Checkout).get(checkout_id), list(tenders))
    commit()
    return run_id


def carried(run_id: UUID, looks: int = 1) -> Outcome | None:
    """Carry a run on: as often as so many looks, each at once, however long it would wait."""
    outcome = None
    for _ in range(looks):
        db.session.execute(
            update(OutboxRow).where(OutboxRow.subject_id == run_id, OutboxRow.done_at.is_(None))
            .values(due_at=func.clock_timestamp()).execution_options(synchronize_session=False)
        )  # fmt: skip
        commit()
        outcome = carry_on(run_id)
        if outcome is not None:
            break
    return outcome


def paid(programme: Programme, *tenders: Tender, quantity: int = 1, looks: int = 1) -> Outcome | None:
    """Sell so many tickets for this money; returns how it ended."""
    return carried(begin(programme, *tenders, quantity=quantity), looks)


def checkout_of(run_id: UUID) -> UUID:
    """Return the checkout of a run."""
    return db.session.scalars(select(CheckoutAttempt.checkout_id).where(CheckoutAttempt.run_id == run_id)).one()


@dataclass(frozen=True)
class Standing:
    """What is written down of a run's checkout: payments (gateway, cents), ends of charges, tickets."""

    payments: list[tuple[str, int]]
    ends: list[str]
    charges: int
    tickets: int


def standing(run_id: UUID) -> Standing:
    """Read how the money of a run's checkout stands."""
    rollback()
    checkout_id = checkout_of(run_id)
    payments = rows(Payment).filter_by(checkout_id=checkout_id).order_by(Payment.tender).all()
    charges = [one.id for one in rows(Charge).filter_by(checkout_id=checkout_id).order_by(Charge.tender)]
    ends = rows(ChargeEnd).filter(ChargeEnd.charge_id.in_(charges)).order_by(ChargeEnd.charge_id).all()
    tickets = rows(Ticket).filter(Ticket.checkout_line.has(checkout_id=checkout_id)).count()
    made = Standing([(p.gateway, p.amount_cents) for p in payments], [e.how for e in ends], len(charges), tickets)
    rollback()
    return made


def ended(run_id: UUID) -> Outcome | None:
    """Return how a run ended, if it has."""
    outcome = outcome_of(run_id)
    rollback()
    return outcome
