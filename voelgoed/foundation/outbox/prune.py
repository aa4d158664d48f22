"""Throwing away what nobody asks for again: jobs that are done, keys that nobody repeats."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.idempotency.row import IdempotencyKey
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy.door import door
from voelgoed.foundation.tenancy.scope import Actor, scope

SWEEPER = Actor("system", None, "sweeper")
JOBS_FOR = timedelta(days=1)
KEYS_FOR = timedelta(days=7)  # a till that comes back after a weekend still finds its sale


def prune_once() -> None:
    """Throw away, in every organization, what is older than it needs to be."""
    with door(SWEEPER) as opened:
        organizations = [row[0] for row in opened.call("organizations")]
    for organization_id in organizations:
        with scope(organization_id, SWEEPER):
            db.session.execute(delete(OutboxRow).where(OutboxRow.done_at < now() - JOBS_FOR))
            db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEYS_FOR))
            commit()
