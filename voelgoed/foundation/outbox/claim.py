"""Claiming a row: one holder at a time, for as long as the lease runs, and a fence at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, and_, func, null, or_, select, update

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy.scope import Actor

LEASE = timedelta(seconds=30)
REASON_SIZE = 500


class LostLease(Exception):
    """Another has claimed the row meanwhile: roll back, the work is theirs."""


@dataclass(frozen=True)
class Claim:
    """A row in one's hands: finished, renewed or postponed in a transaction of the work."""

    row_id: UUID
    token: UUID
    task: str
    payload: dict[str, Any]
    subject_id: UUID | None
    actor: Actor
    attempts: int

    def renew(self) -> None:
        """Let the lease run anew with this transaction; raises LostLease."""
        self._write(claimed_until=func.clock_timestamp() + LEASE)

    def finish(self) -> None:
        """Mark the row as done with this transaction; raises LostLease."""
        self._write(done_at=func.clock_timestamp(), claimed_until=null(), last_error=null())

    def postpone(self, seconds: float, reason: str) -> None:
        """Give the row back, due again in some seconds; raises LostLease."""
        due = func.clock_timestamp() + timedelta(seconds=seconds)
        said = reason.replace("\0", "")[:REASON_SIZE]
        self._write(due_at=due, claim=null(), claimed_until=null(), last_error=said)

    def _write(self, **values: Any) -> None:
        mine = update(OutboxRow).where(
            OutboxRow.id == self.row_id, OutboxRow.claim == self.token, OutboxRow.done_at.is_(None)
        )
        statement = mine.values(**values).execution_options(synchronize_session=False)
        if cast("CursorResult[Any]", db.session.execute(statement)).rowcount != 1:
            raise LostLease(f"row {self.row_id} is no longer held under {self.token}")


def due() -> ColumnElement[bool]:
    """The rows that anybody may claim now, by the database's clock."""
    moment = func.clock_timestamp()
    free = or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until < moment)
    return and_(OutboxRow.done_at.is_(None), OutboxRow.due_at <= moment, free)


def take(row_id: UUID) -> Claim | None:
    """Claim a row and commit that; None when it is done, not due, or in other hands."""
    return _take(OutboxRow.id == row_id)


def take_about(subject_id: UUID) -> Claim | None:
    """Claim the row that is about something, such as a run, and commit that; None as in `take`."""
    return _take(OutboxRow.subject_id == subject_id)


def _take(which: ColumnElement[bool]) -> Claim | None:
    # A claim that a power cut takes back does no harm, so nobody waits for the disk.
    db.session.execute(select(func.set_config("synchronous_commit", "off", True)))
    free = select(OutboxRow.id).where(which, due()).limit(1).with_for_update(skip_locked=True)
    claimed = (
        update(OutboxRow)
        .where(OutboxRow.id == free.scalar_subquery())
        .values(
            claim=uuid7(),
            claimed_until=func.clock_timestamp() + LEASE,
            attempts=OutboxRow.attempts + 1,
        )
        .returning(
            OutboxRow.id, OutboxRow.claim, OutboxRow.task, OutboxRow.payload, OutboxRow.subject_id,
            OutboxRow.actor_kind, OutboxRow.actor_id, OutboxRow.actor_label, OutboxRow.attempts,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    found: Sequence[Any] | None = db.session.execute(claimed).one_or_none()
    if found is None:
        rollback()
        return None
    commit()
    row_id, token, task, payload, subject_id, kind, actor_id, label, attempts = found
    return Claim(row_id, token, task, payload, subject_id, Actor(kind, actor_id, label), attempts)
