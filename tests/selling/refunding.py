"""Refunds of sales that were paid outside: made, carried on until they have ended, and lived through by children."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from tests.checkout.programme import Programme
from tests.selling.online import begin, carried, checkout_of
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import Actor, rows, scope
from voelgoed.foundation.workflow import Done, carry_on
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowOutcome, WorkflowRun
from voelgoed.payments.capture import Tender
from voelgoed.payments.payment import RefundEnd
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once


def sold(programme: Programme, *tenders: Tender, quantity: int = 1) -> UUID:
    """Sell for this money; returns the checkout."""
    run_id = begin(programme, *tenders, quantity=quantity)
    assert isinstance(carried(run_id), Done)
    checkout_id = checkout_of(run_id)
    rollback()
    return checkout_id


def give_back(checkout_id: UUID, cents: int, key: str) -> None:
    """Give an amount back under a key."""
    refund_once(RefundCheckout(checkout_id, "refund", "rain", f"test:{key}", amount_cents=cents))
    commit()


def waiting() -> Sequence[UUID]:
    """Return the runs that send money back and have not ended."""
    ended = select(WorkflowOutcome.run_id).where(WorkflowOutcome.run_id == WorkflowRun.id)
    found = select(WorkflowRun.id).where(WorkflowRun.workflow == "pay_back", ~ended.exists())
    waits = db.session.scalars(found.order_by(WorkflowRun.id)).all()
    rollback()
    return waits


def carry_all(looks: int = 1) -> None:
    """Carry those runs on, so many times, as if all leases had run out and all waiting were over."""
    for _ in range(looks):
        for run_id in waiting():
            moment = func.clock_timestamp()
            due = update(OutboxRow).where(OutboxRow.subject_id == run_id, OutboxRow.done_at.is_(None))
            due = due.values(due_at=moment, claimed_until=None)
            db.session.execute(due.execution_options(synchronize_session=False))
            commit()
            carry_on(run_id)
    rollback()


def ends() -> list[tuple[str, str, int]]:
    """Return how refunds outside ended: gateway, how, cents."""
    found = [(one.refund.gateway, one.how, one.refund.amount_cents) for one in rows(RefundEnd).order_by(RefundEnd.id)]
    rollback()
    return found


def stuck() -> list[RunStuck]:
    """Return the runs that wait for a person."""
    found = rows(RunStuck).order_by(RunStuck.id).all()
    rollback()
    return found


def live(organization_id: UUID, user_id: UUID, checkout_id: UUID, key: str) -> None:
    """Be a process that refunds, and carries on whatever that began."""
    with scope(organization_id, Actor("user", user_id, "a clerk of the kills")):
        give_back(checkout_id, 1000, key)
        carry_all()
