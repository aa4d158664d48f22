"""What the processes of a race do with money: pay outside, give back, apply what a processor told."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from redis import Redis
from sqlalchemy import select, true

import voelgoed.checkout.pools
from tests.races import scanners
from voelgoed.checkout.checkout import Checkout, CheckoutAttempt
from voelgoed.checkout.end import expire
from voelgoed.checkout.state import lock
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import perform, take
from voelgoed.foundation.tenancy import Actor, current_scope, rows, scope
from voelgoed.foundation.waiting import wait_for
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Done, Outcome, carry_on, start
from voelgoed.payments import take_money
from voelgoed.payments.capture import Tender
from voelgoed.payments.intend import intend
from voelgoed.selling import refund_checkout as refunding
from voelgoed.selling.begin import begin_to_pay
from voelgoed.selling.complete_checkout import CompleteCheckout, complete_checkout
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.tenders import in_order
from voelgoed.ticketing.ticket import Ticket

PATIENCE = 60.0  # seconds


def word_of(outcome: Outcome | None) -> str:
    """Say in a word how a sale ended."""
    if outcome is None:
        return "not yet"
    return "paid" if isinstance(outcome, Done) else str(outcome)


def told(deed: Callable[[], str]) -> str:
    """Return what a deed says, or the type of the problem that refused it."""
    try:
        return deed()
    except Problem as problem:
        rollback()
        return problem.type


def complete(checkout_id: UUID, tender: Tender) -> str:
    """Complete a checkout with money from outside, whoever else does so too."""

    def pay() -> str:
        run_id = begin_to_pay(rows(Checkout).get(checkout_id), [tender])
        commit()
        return word_of(carry_on(run_id) or wait_for(run_id, PATIENCE))

    return told(pay)


def complete_apart(checkout_id: UUID, tender: Tender, number: int, meeting: Meeting) -> str:
    """Complete it as if nobody else did: with an attempt, and so a key, of one's own; all begin before any charges."""
    found = lock(checkout_id)
    tenders = in_order(found, [tender], None)
    inputs = CompleteCheckout(checkout_id, number, tenders)
    run_id = start(complete_checkout, inputs, key=f"{checkout_id}:{number}")
    db.session.add(CheckoutAttempt(checkout_id=checkout_id, number=number, run_id=run_id))
    intend(found, number, tenders, run_id)
    commit()
    meeting.meet("begun")
    return word_of(carry_on(run_id) or wait_for(run_id, PATIENCE))


def complete_unguarded(checkout_id: UUID, tender: Tender) -> str:
    """Complete it with the conditional update's condition taken away."""
    voelgoed.checkout.pools.fits = lambda bodies: true()
    return complete(checkout_id, tender)


def give_back(checkout_id: UUID, cents: int, key: str) -> str:
    """Give an amount back under a key."""

    def give() -> str:
        refund_once(RefundCheckout(checkout_id, "refund", "the race", key, amount_cents=cents))
        commit()
        return "given"

    return told(give)


def give_back_unlocked(checkout_id: UUID, cents: int, key: str, meeting: Meeting) -> str:
    """Give it back without holding the sale, all having looked at what is left before any writes."""
    refunding.lock = lambda one: rows(Checkout).get(one)
    with points.armed("refund_checkout.given", meeting.meet):
        return give_back(checkout_id, cents, key)


def refund_ticket(clerk: UUID, checkout_id: UUID, ticket_id: UUID, key: str) -> str:
    """Take a ticket back as its seller does, unless somebody went in with it."""

    def give() -> str:
        refund_once(RefundCheckout(checkout_id, "reverse", "the race", key, tickets=(ticket_id,)))
        commit()
        return "refunded"

    with scope(current_scope().organization_id, Actor("user", clerk, "clerk")):
        return told(give)


def refund_ticket_unheld(clerk: UUID, checkout_id: UUID, ticket_id: UUID, key: str, meeting: Meeting) -> str:
    """Refund it without holding it: somebody goes in once it was seen that nobody has."""
    refunding.hold_tickets = lambda ids: list(db.session.scalars(select(Ticket).where(Ticket.id.in_(ids))))
    with points.armed("refund_checkout.given", lambda: (meeting.meet("looked"), meeting.meet("went in"))):
        return refund_ticket(clerk, checkout_id, ticket_id, key)


def scan_then_meet(token_hash: bytes, sequence: int, code: str, meeting: Meeting) -> str:
    """Scan once it was seen that nobody went in, and let the others go on once that is committed."""
    meeting.meet("looked")
    verdict, _ = scanners.scan(token_hash, sequence, code)
    meeting.meet("went in")
    return verdict


def let_go(run_id: UUID) -> str:
    """Carry a sale on whose payer has had their time."""
    take_money.PAYER_HAS = 0.0
    return word_of(carry_on(run_id))


def apply(row_id: UUID) -> str:
    """Do a job, such as that of a message."""
    claim = take(row_id)
    return "applied" if claim and perform(current_scope().organization_id, claim) else "not now"


def expired(hold_id: UUID) -> str:
    """Do what the hold's job does."""
    expire(hold_id)
    commit()
    return "looked"


class Meeting:
    """Where so many processes wait for each other, in the cache."""

    def __init__(self, redis_url: str, name: str, many: int) -> None:
        self.redis_url, self.name, self.many = redis_url, name, many

    def meet(self, place: str = "here") -> None:
        """Return when all have come to a place."""
        here = f"{self.name}:{place}"
        redis = Redis.from_url(self.redis_url, socket_timeout=2 * PATIENCE)
        if redis.incr(f"{here}:come") == self.many:
            redis.lpush(here, *range(self.many))
        assert redis.blpop([here], timeout=PATIENCE), "the others did not come"
