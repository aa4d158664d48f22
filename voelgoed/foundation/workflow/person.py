"""Runs that need a person: forward, to say how a step ended; back, because their undo keeps failing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from voelgoed.foundation.calling import adapter
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.tenancy.query import rows
from voelgoed.foundation.tenancy.scope import because
from voelgoed.foundation.workflow.answers import Failed, reason_of
from voelgoed.foundation.workflow.declaration import workflow
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowRun
from voelgoed.foundation.workflow.record import Journal, Place, write_outcome
from voelgoed.foundation.workflow.start import TASK
from voelgoed.foundation.workflow.values import result, result_type


@dataclass(frozen=True)
class StuckRun:
    """A stuck run as its page shows it."""

    run: WorkflowRun
    stuck: RunStuck
    journal: Journal


def stuck_runs() -> list[StuckRun]:
    """Return the runs of this organization that wait for a person, oldest first."""
    found = rows(RunStuck).order_by(RunStuck.id).all()
    journals = [Journal.read(stuck.run_id) for stuck in found]
    return [StuckRun(journal.run, stuck, journal) for stuck, journal in zip(found, journals, strict=True)]


def try_again(stuck_id: UUID) -> None:
    """Let the engine go on where it stopped, forward or back, with a fresh count of tries.

    Forward, the step is called again under the same key. Raises NotFound for what is not stuck here.
    """
    stuck = _held(stuck_id)
    _go_on(stuck)


def decide(stuck_id: UUID, value: Any, note: str) -> None:
    """Say what a step's work led to, as a value of its type, and let the run go on; `note` says how one knows.

    Raises NotFound for what is not stuck forward here, ValueError for a value that is no result of the step.
    """
    stuck = _held(stuck_id, "forward")
    with because(note):
        journal = Journal.read(stuck.run_id)
        function = workflow(journal.run.workflow, journal.run.version).steps[stuck.step].function
        given = adapter(result_type(function)).validate_python(value)
        _say(stuck, journal, "done", note, result(function, given))
        _go_on(stuck)


def give_up(stuck_id: UUID, note: str) -> None:
    """Judge the step as failed, and let the run go back; its own work is undone, too, for it may have happened.

    Raises NotFound for what is not stuck forward here.
    """
    stuck = _held(stuck_id, "forward")
    with because(note):
        _say(stuck, Journal.read(stuck.run_id), "failed", note)
        _go_on(stuck)


def settle(stuck_id: UUID, note: str) -> None:
    """Close a run as failed because a person took its work back by hand; `note` says how, for the trail.

    Raises NotFound for what is not stuck on its way back here.
    """
    stuck = _held(stuck_id, "back")
    with because(note):
        write_outcome(stuck.run_id, Failed(stuck.step, reason_of(ValueError(f"settled by hand: {note}"))))
        db.session.delete(stuck)


def _held(stuck_id: UUID, direction: str | None = None) -> RunStuck:
    """Return a stuck run, locked: of two persons who decide at once, the second finds it gone."""
    found = rows(RunStuck).filter_by(direction=direction) if direction else rows(RunStuck)
    return found.with_for_update().get(stuck_id)


def _say(stuck: RunStuck, journal: Journal, kind: str, note: str, value: Any = None) -> None:
    place: Place = (stuck.step, stuck.item)
    attempt = max((line.attempt for line in journal.at(place)), default=1)
    journal.add(place, kind, attempt, value, reason_of(ValueError(note)))


def _go_on(stuck: RunStuck) -> None:
    enqueue("charges", TASK, about=stuck.run_id)
    db.session.delete(stuck)
