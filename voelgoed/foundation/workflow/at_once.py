"""A run that stays inside the database, begun and carried through in the transaction of whoever asks for it."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from voelgoed.foundation.boundary import after_commit
from voelgoed.foundation.calling import plain
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.tenancy.scope import current_scope
from voelgoed.foundation.workflow.answers import Done
from voelgoed.foundation.workflow.declaration import Step, Workflow
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.foundation.workflow.perform import bound, enter
from voelgoed.foundation.workflow.plan import Known, Unit, ends_before, goes_outside, units_of
from voelgoed.foundation.workflow.record import Journal, write_outcome
from voelgoed.foundation.workflow.start import refuse_old_version, row_of
from voelgoed.foundation.workflow.values import result

I = TypeVar("I")  # noqa: E741


class NotAtOnce(Exception):
    """A step failed: roll back, and nothing of the run stands. Started then, it fails as runs do, or it succeeds."""


def at_once(workflow: Workflow[I], inputs: I, *, key: str, run_id: UUID) -> UUID:
    """Begin a run and do all its steps with the caller's transaction: all of it commits with that, or nothing.

    The caller holds what the key names, so that nobody begins it meanwhile. Returns the run, which has ended well;
    raises NotAtOnce for anything else, and for inputs that send it outside. The rows that everybody wants come last,
    as in any run: commit next.
    """
    workflow.verify()
    refuse_old_version(workflow)
    written: dict[str, Any] = plain(inputs, workflow.inputs)
    if goes_outside(workflow, written):
        raise NotAtOnce(f"{workflow.name}: it goes outside")
    run = row_of(workflow, key, written, run_id)
    db.session.add(run)
    scope = current_scope()
    before, scope.run = (scope.run, scope.step), str(run.id)
    try:
        _carry(workflow, run, dict(written))
    except Exception as error:
        raise NotAtOnce(f"{workflow.name}: {error}") from error
    finally:
        scope.run, scope.step = before
    announce_again()
    return run.id


def _carry(workflow: Workflow[Any], run: WorkflowRun, known: Known) -> None:
    journal, ended = Journal(run), False
    point(f"{workflow.name}.run.read")
    for step in workflow.steps.values():
        if ended := ends_before(workflow, step):
            write_outcome(run.id, Done({**_results(workflow, known), step.name: None}))
        results = [_done(unit, journal) for unit in units_of(step, known)]
        known[step.name] = results if step.each is not None else results[0]
    if not ended:
        write_outcome(run.id, Done(_results(workflow, known)))
    point(f"{workflow.name}.run.ending")
    after_commit(partial(point, f"{workflow.name}.run.ended"))


def _results(workflow: Workflow[Any], known: Known) -> Known:
    return {name: known[name] for name in workflow.steps if name in known}


def _done(unit: Unit, journal: Journal) -> Any:
    step: Step[..., Any] = unit.step
    enter(unit)
    point(f"{step.workflow.name}.{step.name}")
    return result(step.function, bound(step.function, unit, journal, 1)())
