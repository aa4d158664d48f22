"""The end of a day as a job: due at the moment it ends, and again later when that moment was moved."""

from __future__ import annotations

from uuid import UUID

from voelgoed.catalog.event import Day
from voelgoed.foundation.clock import now
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.decide import end_day

TASK = "voelgoed.scanning.day_end_job.end"


def schedule(day: Day) -> None:
    """Have the day ended when its time comes; for a day that was moved, once more."""
    enqueue("maintenance", TASK, about=day.id, due_at=day.ends_at, day_id=day.id)


def end(day_id: UUID) -> None:
    """End the day, unless its end was moved to later: then the job waits again."""
    day = rows(Day).filter(Day.id == day_id).first()
    if day is None:
        return
    if day.ends_at > now():
        schedule(day)
    else:
        end_day(day)
