"""Putting a run down: until an answer may be there, until somebody wakes it, or until a person decides."""

from __future__ import annotations

from threading import Timer
from typing import NoReturn
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update

from voelgoed.foundation.boundary import after_commit, commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import Claim, broker
from voelgoed.foundation.outbox.claim import LEASE
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy.scope import current_scope
from voelgoed.foundation.workflow.answers import Pending, Stopped, TimedOut
from voelgoed.foundation.workflow.interruption import mark
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowStep
from voelgoed.foundation.workflow.plan import Unit
from voelgoed.foundation.workflow.record import Journal

SOON = 10.0  # seconds: what waits longer is sent by the sweeper, for whose round it can wait


def wait_of(unit: Unit, journal: Journal, answer: Pending) -> float:
    """Return for how many seconds to park a unit; raises TimedOut when its patience is at its end."""
    patience = unit.step.patience
    if patience is None:
        return answer.poll_after
    begun = next(line.at for line in journal.since_asked(unit) if line.kind == "intent")
    left = patience - (now() - begun).total_seconds()
    if left <= 0:
        raise TimedOut(f"no answer within {patience:g} seconds")
    return min(answer.poll_after, left)


def park(unit: Unit, journal: Journal, claim: Claim, attempt: int, seconds: float) -> NoReturn:
    """Give the run back, due again in some seconds, or now if it was woken during the call; raises Stopped."""
    journal.write(unit, "pending", attempt=attempt)
    # Whoever wakes a run that is being called moves its row's due_at past the moment when the lease began.
    row = select(OutboxRow.due_at, OutboxRow.claimed_until, OutboxRow.queue).where(OutboxRow.id == claim.row_id)
    due_at, claimed_until, queue = db.session.execute(row.with_for_update()).one()
    woken = claimed_until is not None and due_at > claimed_until - LEASE
    seconds = 0 if woken else seconds
    claim.postpone(seconds, f"{unit.name} waits for its answer")
    _send(queue, claim.row_id, claim.attempts, seconds)
    _put_down(unit, "pending")


def ask(unit: Unit, journal: Journal, claim: Claim, attempt: int, reason: str) -> NoReturn:
    """End the claim and call a person, who says how it goes on; raises Stopped."""
    journal.write(unit, "asked", attempt=attempt, reason=reason)
    call_person("forward", unit, journal, claim, reason)
    _put_down(unit, "asked")


def call_person(direction: str, unit: Unit, journal: Journal, claim: Claim, reason: str) -> None:
    """End the claim with this transaction: the run goes on when a person says how."""
    claim.finish()
    place = {"step": unit.step.name, "item": unit.item}
    db.session.add(RunStuck(run_id=journal.run_id, direction=direction, reason=reason, **place))


def wake(run_id: UUID) -> None:
    """Make a parked run due at once, with the caller's transaction; does nothing for a run that is not parked."""
    lines = select(WorkflowStep.kind).where(WorkflowStep.run_id == run_id)
    last = db.session.scalar(lines.order_by(WorkflowStep.position.desc()).limit(1))
    if last not in ("pending", "intent"):  # an intent: it is being called, and may be parked after that
        return
    moment = func.clock_timestamp()
    called = and_(OutboxRow.claimed_until.is_not(None), OutboxRow.claimed_until >= moment)
    asleep = update(OutboxRow).where(
        OutboxRow.subject_id == run_id, OutboxRow.done_at.is_(None), or_(called, OutboxRow.due_at > moment)
    )
    woken = asleep.values(due_at=moment, enqueued_at=moment).returning(
        OutboxRow.id, OutboxRow.queue, OutboxRow.attempts, OutboxRow.claimed_until
    )
    for row_id, queue, attempts, claimed in db.session.execute(woken.execution_options(synchronize_session=False)):
        if claimed is None:  # else the one who calls sends it on its way
            _send(queue, row_id, attempts)


def _send(queue: str, row_id: UUID, attempts: int, seconds: float = 0) -> None:
    """Send the row's job after the commit, or so many seconds later; if that is lost, the sweeper finds the row."""
    sender, organization_id = broker(), current_scope().organization_id

    def send() -> None:
        sender.send(queue, organization_id, row_id, attempts)

    def send_later() -> None:
        timer = Timer(seconds, send)
        timer.daemon = True
        timer.start()

    if seconds <= SOON:
        after_commit(send_later if seconds > 0 else send)


def _put_down(unit: Unit, what: str) -> NoReturn:
    mark(unit, f"{what}.before_commit")
    commit()
    mark(unit, f"{what}.after_commit")
    raise Stopped
