"""Starting a run: once under its key, however often it is asked for."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.calling import fingerprint, plain
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue, kept, perform, take_about
from voelgoed.foundation.tenancy.scope import current_scope
from voelgoed.foundation.workflow.answers import Outcome
from voelgoed.foundation.workflow.declaration import Workflow
from voelgoed.foundation.workflow.declaration import workflow as newest_of
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.foundation.workflow.plan import goes_outside
from voelgoed.foundation.workflow.record import outcome_of

I = TypeVar("I")  # noqa: E741

TASK = "voelgoed.foundation.workflow.engine.advance"


class OtherInputs(ValueError):
    """The key was used with other inputs."""


class OldVersion(ValueError):
    """A run begins under the newest version; an earlier one is there to end what began under it."""


class OpenTransaction(RuntimeError):
    """A run commits by itself, so it cannot begin inside somebody's transaction."""


def start(
    workflow: Workflow[I], inputs: I, *, key: str, queue: str | None = None, send: bool = True, here: bool = False
) -> UUID:
    """Write a run and its job with the caller's transaction; returns the run's id.

    The same key with the same inputs is the same run; raises OtherInputs when they differ, OldVersion for a
    workflow that has a newer one. `queue` is `charges` for runs that go outside, else `checkout`. `here`: the caller
    will `wait_for` it (or `carry_on`) after its commit; then a run that stays inside the database is carried through
    by the caller, not sent to a worker.
    """
    workflow.verify()
    refuse_old_version(workflow)
    written: dict[str, Any] = plain(inputs, workflow.inputs)
    # Held to the commit: whoever starts the same run at the same time waits here and then finds it.
    db.session.execute(select(func.pg_advisory_xact_lock(_lock(workflow.name, key))))
    same = select(WorkflowRun).where(WorkflowRun.workflow == workflow.name, WorkflowRun.key == key)
    found = db.session.scalars(same).one_or_none()
    if found is not None:
        return _same(found, written)
    run = row_of(workflow, key, written)
    outside = goes_outside(workflow, written)
    db.session.add(run)
    keep = here and not outside
    enqueue(queue or ("charges" if outside else "checkout"), TASK, about=run.id, send=send, keep=keep, fresh=True)
    return run.id


def run(workflow: Workflow[I], inputs: I, *, key: str) -> Outcome | None:
    """Start a run and carry it through, here and now. The scope must hold no open transaction.

    None: it has not ended, because another carries it on, or because an undo waits for its next try.
    """
    if db.session().in_transaction():
        raise OpenTransaction(f"{workflow.name} commits by itself: commit or roll back first, or start() it")
    run_id = start(workflow, inputs, key=key, send=False, here=True)
    commit()
    return carry_on(run_id)


def carry_on(run_id: UUID) -> Outcome | None:
    """Claim a run that nobody holds and carry it through; returns its outcome as it then is."""
    if (claim := kept(run_id) or take_about(run_id)) is not None:
        perform(current_scope().organization_id, claim)
    outcome = outcome_of(run_id)
    rollback()
    return outcome


def refuse_old_version(workflow: Workflow[Any]) -> None:
    """Raise OldVersion for a workflow that has a newer one."""
    if (newest := newest_of(workflow.name)).version > workflow.version:
        raise OldVersion(f"{workflow.name}: version {workflow.version} is there to be ended, begin {newest.version}")


def row_of(workflow: Workflow[Any], key: str, written: dict[str, Any], run_id: UUID | None = None) -> WorkflowRun:
    """Make the row of a run that begins; `written` are its inputs as JSON."""
    actor = current_scope().actor
    return WorkflowRun(
        id=run_id,
        workflow=workflow.name,
        version=workflow.version,
        key=key,
        inputs=written,
        inputs_hash=fingerprint(written),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
    )


def _same(run: WorkflowRun, written: dict[str, Any]) -> UUID:
    if run.inputs_hash != fingerprint(written):
        raise OtherInputs(f"{run.workflow}: the key {run.key} was used with other inputs")
    return run.id


def _lock(name: str, key: str) -> int:
    said = fingerprint([str(current_scope().organization_id), name, key])
    return int(said[:16], 16) - 2**63
