"""The checker of the outbox: what is due is done."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voelgoed.foundation.checks import checker
from voelgoed.foundation.clock import now
from voelgoed.foundation.outbox.row import OutboxRow

PATIENCE = timedelta(seconds=60)


@checker("J1", "every job is done within a minute of being due")
def overdue_jobs(session: Session) -> int:
    """Count jobs that have been due for longer than a minute and are not done."""
    overdue = OutboxRow.done_at.is_(None) & (OutboxRow.due_at < now() - PATIENCE)
    return session.scalar(select(func.count()).select_from(OutboxRow).where(overdue)) or 0
