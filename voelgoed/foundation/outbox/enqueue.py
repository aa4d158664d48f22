"""Asking for work: a row now, a job after the commit."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from inspect import signature
from typing import Any
from uuid import UUID

from sqlalchemy import func

from voelgoed.foundation.boundary import after_commit
from voelgoed.foundation.calling import plain
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.broker import Broker, broker
from voelgoed.foundation.outbox.claim import Claim
from voelgoed.foundation.outbox.kept import LEASE
from voelgoed.foundation.outbox.kept import keep as keep_claim
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.outbox.task import QUEUES, commits_itself, resolve
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy.scope import current_scope


def enqueue(
    queue: str,
    task: str,
    *,
    about: UUID | None = None,
    due_at: datetime | None = None,
    send: bool = True,
    keep: bool = False,
    **payload: Any,
) -> OutboxRow:
    """Write a job with the current transaction; it is run at least once, with the effect of once, after it.

    `task` is a function's dotted name, `payload` its keyword arguments: ids and numbers, read back by the
    annotations. It acts as whoever acts here; `due_at` lets it wait. `keep`: it is claimed by this process from the
    start, which does it right after the commit (`kept(about)`); if it does not, the sweeper does. Raises LookupError
    for an unknown queue or task, TypeError for a payload that is not its arguments.
    """
    if queue not in QUEUES:
        raise LookupError(f"there is no queue {queue}")
    function = resolve(task)
    if not commits_itself(task):
        signature(function).bind(**payload)
    row = _row(queue, task, plain(payload), about, due_at)
    db.session.add(row)
    if keep:
        _claim(row)
    elif send and due_at is None:
        # Bound now: what follows a commit has no session any more.
        after_commit(partial(_send, broker(), queue, current_scope().organization_id, row.id))
    return row


def _row(queue: str, task: str, payload: Any, about: UUID | None, due_at: datetime | None) -> OutboxRow:
    actor = current_scope().actor
    return OutboxRow(
        queue=queue,
        task=task,
        payload=payload,
        subject_id=about,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        # The database's clock: by ours a row might not be due yet when the worker looks for it.
        due_at=due_at or func.transaction_timestamp(),
        enqueued_at=None if due_at else func.clock_timestamp(),
    )


def _claim(row: OutboxRow) -> None:
    """Write the row as claimed; the claim is kept once that is committed."""
    row.claim, row.attempts, row.enqueued_at = uuid7(), 1, None
    row.claimed_until = func.clock_timestamp() + LEASE
    actor = current_scope().actor
    claim = Claim(row.id, row.claim, row.task, dict(row.payload), row.subject_id, actor, row.attempts)
    after_commit(partial(keep_claim, claim))


def _send(sender: Broker, queue: str, organization_id: UUID, row_id: UUID) -> None:
    sender.send(queue, organization_id, row_id, attempt=0)
