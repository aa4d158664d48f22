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
from voelgoed.foundation.workflow.declaration import Step, Workflow, forget, verify_all, workflow
from voelgoed.foundation.workflow.diagram import mermaid
from voelgoed.foundation.workflow.parking import wake
from voelgoed.foundation.workflow.person import StuckRun, decide, give_up, settle, stuck_runs, try_again
from voelgoed.foundation.workflow.record import outcome_of
from voelgoed.foundation.workflow.start import OpenTransaction, OtherInputs, carry_on, run, start
from voelgoed.foundation.workflow.verify import WorkflowError

__all__ = [
    "Continue", "Done", "Failed", "Interrupted", "OpenTransaction", "OtherInputs", "Outcome", "Pending", "Person",
    "Refused", "Retry", "Step", "StuckRun", "TimedOut", "Workflow", "WorkflowError", "carry_on", "decide", "forget",
    "give_up", "mermaid", "outcome_of", "run", "settle", "start", "stuck_runs", "try_again", "verify_all", "wake",
    "workflow",
]  # fmt: skip
