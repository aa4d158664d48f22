"""Doing a local unit inside the run's transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from voelgoed.foundation.calling import call_with
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.tenancy.scope import current_scope
from voelgoed.foundation.workflow.answers import Continue, Person, Retry, reason_of
from voelgoed.foundation.workflow.plan import Unit
from voelgoed.foundation.workflow.record import Journal
from voelgoed.foundation.workflow.values import result


class StepFailed(Exception):
    """A unit failed for good: the run turns round."""

    def __init__(self, unit: Unit, error: BaseException) -> None:
        super().__init__(f"{unit.name}: {reason_of(error)}")
        self.unit, self.error = unit, error


def faulty_database(error: BaseException) -> bool:
    """Say whether this is the database's trouble (deadlock, lost connection, time), not the step's."""
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout)


def enter(unit: Unit) -> None:
    """Have the trail name this step from here on."""
    scope = current_scope()
    if scope.step != unit.step.name:
        scope.step = unit.step.name
        announce_again()


def bound(function: Callable[..., Any], unit: Unit, journal: Journal, attempt: int, **given: Any) -> Any:
    """Bind a function of a unit's step to what it names."""
    supplied = {"idempotency_key": unit.key(journal.run_id), "attempt": attempt}
    return call_with(function, unit.known, **supplied, **given)


def perform_local(unit: Unit, journal: Journal, journaled: bool) -> Any:
    """Do a local unit in the open transaction; raises StepFailed, or what the database suffers from."""
    enter(unit)
    point(f"{unit.step.workflow.name}.{unit.step.name}")
    value = _guarded(unit, journal) if unit.step.on_error or unit.step.retries else _plainly(unit, journal)
    if journaled:
        journal.write(unit, "done", result=value)
    return value


def _plainly(unit: Unit, journal: Journal) -> Any:
    try:
        value = result(unit.step.function, bound(unit.step.function, unit, journal, 1)())
        db.session.flush()
    except Exception as error:
        if faulty_database(error):
            raise
        raise StepFailed(unit, error) from error
    return value


def _guarded(unit: Unit, journal: Journal) -> Any:
    """Do a unit behind savepoints, so that its compensation finds the transaction as before."""
    for attempt in range(1, unit.step.retries + 2):
        try:
            with db.session.begin_nested():
                return result(unit.step.function, bound(unit.step.function, unit, journal, attempt)())
        except Exception as error:
            if faulty_database(error):
                raise
            may_retry, failed = attempt <= unit.step.retries, StepFailed(unit, error)
            answer = answer_to(unit, journal, attempt, error, may_retry)
        if isinstance(answer, Continue):
            return result(unit.step.function, answer.value)
        if not isinstance(answer, Retry):  # a person has nothing to decide: none of it stands
            break
    raise failed from failed.error


def answer_to(
    unit: Unit, journal: Journal, attempt: int, error: BaseException, may_retry: bool
) -> Retry | Continue | Person | None:
    """Ask the compensation what to do; None, too, when it fails itself or no retries are left."""
    answer: Any = Retry()
    if unit.step.on_error is not None:
        answer = None
        with suppress(Exception):  # the step's own error is what is told
            answer = bound(unit.step.on_error, unit, journal, attempt, error=error)()
    if isinstance(answer, Continue | Person):
        return answer
    return answer if isinstance(answer, Retry) and may_retry else None
