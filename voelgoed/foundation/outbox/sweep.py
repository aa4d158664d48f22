"""The sweeper: finds what was lost on its way to a worker, and does it itself while Redis is away."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import count
from threading import Event
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, func, or_, select, update

from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.broker import broker
from voelgoed.foundation.outbox.claim import due
from voelgoed.foundation.outbox.dispatch import dispatch
from voelgoed.foundation.outbox.prune import SWEEPER, prune_once
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy.door import door
from voelgoed.foundation.tenancy.scope import scope

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds
PRUNE_EVERY = 720  # rounds: an hour
LOST_AFTER = timedelta(seconds=20)  # in a queue; with EVERY and the lease still within a minute
LATE_AFTER = timedelta(seconds=1)  # when nothing can be queued
AT_ONCE = 100  # rows of an organization in one round, so that each gets its turn


def sweep_forever(app: Flask, stop: Event | None = None) -> None:
    """Sweep every five seconds until `stop` is set; a round that fails is logged and tried again."""
    stop, rounds = stop or Event(), count()
    with app.app_context():
        while not stop.is_set():
            pause = EVERY
            try:
                # A full round goes on at once: a queue that is filled faster than this would never be empty again.
                pause = EVERY if sweep_once() < AT_ONCE else 0.0
                if next(rounds) % PRUNE_EVERY == 0:
                    prune_once()
            except Exception:  # the database may be away for a while: the sweeper outlives it
                log.exception("a round of the sweeper failed")
            stop.wait(pause)


def sweep_once() -> int:
    """Send again, or do, what is due in all organizations; returns the number of rows."""
    with door(SWEEPER) as opened:
        organizations = [row[0] for row in opened.call("organizations_with_due_work")]
    return sum(sweep_organization(one) for one in organizations)


def sweep_organization(organization_id: UUID) -> int:
    """Send again, or do, what is due in one organization; returns the number of rows."""
    reachable = broker().answers()
    with scope(organization_id, SWEEPER):
        lost = _mark(LOST_AFTER if reachable else LATE_AFTER)
    for row_id, queue, attempts in lost:
        if not (reachable and broker().send(queue, organization_id, row_id, attempts)):
            dispatch(organization_id, row_id)
    return len(lost)


def _mark(after: timedelta) -> list[tuple[UUID, str, int]]:
    """Say that the lost rows are on their way again, so that the next round leaves them alone."""
    which = select(OutboxRow).where(due(), _unheard_of(after)).order_by(OutboxRow.due_at)
    lost = db.session.scalars(which.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    found = [(row.id, row.queue, row.attempts) for row in lost]
    mark = update(OutboxRow).where(OutboxRow.id.in_([row.id for row in lost]))
    db.session.execute(mark.values(enqueued_at=func.clock_timestamp()).execution_options(synchronize_session=False))
    commit()
    return found


def _unheard_of(after: timedelta) -> ColumnElement[bool]:
    """Rows never sent, sent too long ago, or due again since they were sent."""
    long_ago = OutboxRow.enqueued_at < func.clock_timestamp() - after
    return or_(OutboxRow.enqueued_at.is_(None), long_ago, OutboxRow.enqueued_at < OutboxRow.due_at)
