"""Runs that need a person: their undo keeps failing. The person tries again, or settles it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.tenancy.query import rows
from voelgoed.foundation.tenancy.scope import because
from voelgoed.foundation.workflow.answers import Failed, reason_of
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowRun
from voelgoed.foundation.workflow.record import Journal, write_outcome
from voelgoed.foundation.workflow.start import TASK


@dataclass(frozen=True)
class StuckRun:
    """A stuck run as its page shows it."""

    run: WorkflowRun
    stuck: RunStuck
    journal: Journal


def stuck_runs() -> list[StuckRun]:
    """Return the runs of this organization that wait for a person, oldest first."""
    found = db.session.scalars(select(RunStuck).order_by(RunStuck.id)).all()
    journals = [Journal.read(stuck.run_id) for stuck in found]
    return [StuckRun(journal.run, stuck, journal) for stuck, journal in zip(found, journals, strict=True)]


def try_again(stuck_id: UUID) -> None:
    """Let the engine undo again, with a fresh count of tries; raises NotFound for what is not stuck here."""
    stuck = rows(RunStuck).get(stuck_id)
    enqueue("charges", TASK, about=stuck.run_id)
    db.session.delete(stuck)


def settle(stuck_id: UUID, note: str) -> None:
    """Close a run as failed because a person took its work back by hand; `note` says how, for the trail."""
    stuck = rows(RunStuck).get(stuck_id)
    with because(note):
        write_outcome(stuck.run_id, Failed(stuck.step, reason_of(ValueError(f"settled by hand: {note}"))))
        db.session.delete(stuck)
