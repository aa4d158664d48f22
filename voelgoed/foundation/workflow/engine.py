"""Carrying a run on, from wherever its journal says that it stands."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.exc import DBAPIError

from voelgoed.foundation.boundary import after_commit, commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import Claim, broker, self_committing
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy.scope import current_scope
from voelgoed.foundation.workflow.answers import Done, Failed, Outcome, Refused, Stopped, reason_of
from voelgoed.foundation.workflow.declaration import Step, Workflow, workflow
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.foundation.workflow.outside import leave
from voelgoed.foundation.workflow.perform import StepFailed, faulty_database, perform_local
from voelgoed.foundation.workflow.plan import Known, Unit, ends_before, goes_outside, units_of
from voelgoed.foundation.workflow.record import Journal, outcome_of, write_outcome
from voelgoed.foundation.workflow.undo import undo_all

TRIES = 3  # of a segment that the database gave up, as with deadlocks


@self_committing
def advance(claim: Claim) -> None:
    """The task of a run's row: carry the run on until it ends or has to wait."""
    assert claim.subject_id is not None
    for left in reversed(range(TRIES)):
        fresh = bool(claim.payload.get("fresh")) and claim.attempts == 1 and left == TRIES - 1
        try:
            Carrier(claim, claim.subject_id, fresh).carry()
        except DBAPIError as error:
            rollback()
            if not faulty_database(error) or not left:
                raise
        else:
            return


class OtherVersion(RuntimeError):
    """A run waits for the version of its workflow under which it began."""


class Carrier:
    """One claimed run on its way; every commit of it fences the claim."""

    def __init__(self, claim: Claim, run_id: UUID, fresh: bool = False) -> None:
        scope = current_scope()
        scope.run, scope.step = str(run_id), None
        self.claim, self.fresh = claim, fresh
        self.journal = Journal.read(run_id, fresh)
        self.workflow = _of_version(self.journal.run)
        self.known: Known = dict(self.journal.run.inputs)
        self.journaled = goes_outside(self.workflow, self.known)

    def carry(self) -> None:
        """Do what is left: steps, or undos once one has failed."""
        if not self.fresh and outcome_of(self.journal.run.id) is not None:
            self.claim.finish()
            commit()
            return
        self._point("read")
        if self.journal.failure() is None:
            self._forward()
        else:
            self._back()

    def _forward(self) -> None:
        try:
            ended = [self._step(step) for step in self.workflow.steps.values()]
        except StepFailed as failure:
            rollback()
            self._fail(failure)
            return
        except Stopped:
            return
        if not any(ended):
            self._end(Done(self._results()))
        self._commit_end()

    def _step(self, step: Step[..., object]) -> bool:
        """Do a step; True when the outcome was written before it, so that its statements are the last."""
        last = not self.journaled and ends_before(self.workflow, step)
        if last:
            self._end(Done({**self._results(), step.name: None}))
            db.session.flush()
        results = [self._unit(unit) for unit in units_of(step, self.known)]
        self.known[step.name] = results if step.each is not None else results[0]
        return last

    def _unit(self, unit: Unit) -> object:
        done = self.journal.done(unit)
        if done is not None:
            return done.result
        if unit.external:
            return leave(unit, self.journal, self.claim)
        return perform_local(unit, self.journal, self.journaled)

    def _results(self) -> Known:
        return {name: self.known[name] for name in self.workflow.steps if name in self.known}

    def _fail(self, failure: StepFailed) -> None:
        """Turn the run round. Nothing committed: the rollback was the undo."""
        self.journal = Journal.read(self.journal.run.id)
        if not self.journal.lines:
            self._end(Failed(failure.unit.step.name, reason_of(failure.error)))
            self._commit_end()
            return
        if self.journal.failure() is None:
            self._turn(failure)
        self._back()

    def _turn(self, failure: StepFailed) -> None:
        kind = "refused" if isinstance(failure.error, Refused) else "failed"
        self.journal.write(failure.unit, kind, reason=reason_of(failure.error))
        self.claim.renew()
        self._point("turning")
        commit()
        self._point("turned")

    def _back(self) -> None:
        failure = self.journal.failure()
        assert failure is not None
        if undo_all(self.workflow, self.journal, self.claim):
            self._end(Failed(failure.place[0], failure.reason or failure.kind))
            self._commit_end()

    def _point(self, what: str) -> None:
        point(f"{self.workflow.name}.run.{what}")

    def _end(self, outcome: Outcome) -> None:
        self.claim.finish()
        write_outcome(self.journal.run.id, outcome)

    def _commit_end(self) -> None:
        run_id, told = self.journal.run.id, broker()
        after_commit(lambda: told.tell(run_id))
        self._point("ending")
        commit()
        self._point("ended")


def _of_version(run: WorkflowRun) -> Workflow[object]:
    """Return the workflow of a run; raises OtherVersion when the one under which it began is not here."""
    try:
        return workflow(run.workflow, run.version)
    except LookupError as missing:
        raise OtherVersion(f"{run.workflow}: {missing}") from None
