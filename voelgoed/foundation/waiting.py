"""Waiting for a run's outcome with empty hands: no transaction, no connection, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from uuid import UUID

from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import broker, kept, perform, take_about
from voelgoed.foundation.tenancy.query import rows
from voelgoed.foundation.tenancy.scope import Actor, current_scope, scope
from voelgoed.foundation.workflow.answers import Outcome
from voelgoed.foundation.workflow.declaration import workflow
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.foundation.workflow.plan import goes_outside
from voelgoed.foundation.workflow.record import outcome_of
from voelgoed.foundation.workflow.start import OpenTransaction

PATIENCE = 3.0  # seconds, then the request answers 202
STEP_IN_AFTER = 0.3  # seconds without a worker
FIRST_PAUSE, LAST_PAUSE, HEARING_PAUSE = 0.01, 0.1, 0.25  # seconds between two looks
WAITER = Actor("system", None, "waiting request")


def wait_for(run_id: UUID, patience: float = PATIENCE) -> Outcome | None:
    """Wait for a run to end, and give up after `patience` seconds with None. Commit before.

    A run that this process keeps is carried through right here and at once; one that stays inside the database, too,
    when nobody has claimed it soon.
    Raises NotFound for a run of another organization.
    """
    if db.session().in_transaction():
        raise OpenTransaction("whoever waits gives back the connection first: commit")
    if patience > STEP_IN_AFTER and (mine := kept(run_id)) is not None:
        perform(current_scope().organization_id, mine)
    begun, ear = monotonic(), broker().ear(run_id)
    step_in = 0.0 if broker().away else STEP_IN_AFTER
    for pause in _pauses():
        if (outcome := _look(run_id)) is not None or monotonic() - begun >= patience:
            return outcome
        if monotonic() - begun >= step_in:
            step_in = patience
            _step_in(run_id)
            continue
        ear.wait(min(pause, max(0.0, begun + patience - monotonic())))
        ear.clear()
    return None


def _pauses() -> Iterator[float]:
    pause = FIRST_PAUSE
    while True:
        # Who hears the news needs no look at the database to be in time: it is there for what was not said.
        yield max(pause, HEARING_PAUSE) if broker().news.alive else pause
        pause = min(pause * 2, LAST_PAUSE)


def _look(run_id: UUID) -> Outcome | None:
    here = current_scope()
    with scope(here.organization_id, WAITER):
        return outcome_of(run_id)


def _step_in(run_id: UUID) -> None:
    organization_id = current_scope().organization_id
    with scope(organization_id, WAITER):
        run = rows(WorkflowRun).get(run_id)
        claim = None if goes_outside(workflow(run.workflow, run.version), run.inputs) else take_about(run_id)
    if claim is not None:
        perform(organization_id, claim)
