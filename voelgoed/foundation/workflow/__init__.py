"""Deeds of several steps: declared, verified at import, journaled, retried, parked, undone, recovered."""

from voelgoed.foundation.workflow.answers import (
    Continue,
    Done,
    Failed,
    Interrupted,
    Outcome,
    Pending,
    Person,
    Refused,
    Retry,
    TimedOut,
)
from voelgoed.foundation.workflow.at_once import NotAtOnce, at_once
from voelgoed.foundation.workflow.declaration import Step, Workflow, forget, verify_all, workflow
from voelgoed.foundation.workflow.diagram import mermaid
from voelgoed.foundation.workflow.interruption import points_of
from voelgoed.foundation.workflow.parking import wake
from voelgoed.foundation.workflow.person import StuckRun, decide, give_up, settle, stuck_runs, try_again
from voelgoed.foundation.workflow.record import outcome_of
from voelgoed.foundation.workflow.start import OldVersion, OpenTransaction, OtherInputs, carry_on, run, start
from voelgoed.foundation.workflow.verify import WorkflowError
from voelgoed.foundation.workflow.versions import UnfinishedRuns, refuse_unfinished_runs, unfinished_without_version

__all__ = [
    "Continue", "Done", "Failed", "Interrupted", "NotAtOnce", "OldVersion", "OpenTransaction", "OtherInputs", "Outcome",
    "Pending", "Person", "Refused", "Retry", "Step", "StuckRun", "TimedOut", "UnfinishedRuns", "Workflow",
    "WorkflowError", "at_once", "carry_on", "decide", "forget", "give_up", "mermaid", "outcome_of", "points_of",
    "refuse_unfinished_runs", "run", "settle", "start", "stuck_runs", "try_again", "unfinished_without_version",
    "verify_all", "wake", "workflow",
]  # fmt: skip
