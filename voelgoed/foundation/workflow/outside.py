"""Doing an external unit: the intent committed before, the result after, nothing held between."""

from __future__ import annotations

from typing import Any

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.outbox import Claim
from voelgoed.foundation.points import point
from voelgoed.foundation.workflow.answers import Continue, Interrupted, Pending, Person, Refused, Undecided, reason_of
from voelgoed.foundation.workflow.call import call_outside
from voelgoed.foundation.workflow.interruption import mark
from voelgoed.foundation.workflow.parking import ask, park, wait_of
from voelgoed.foundation.workflow.perform import StepFailed, answer_to, bound, enter
from voelgoed.foundation.workflow.plan import Unit
from voelgoed.foundation.workflow.record import Journal
from voelgoed.foundation.workflow.values import result

NOTHING: Any = object()


def leave(unit: Unit, journal: Journal, claim: Claim) -> Any:
    """Do an external unit until it answers; raises StepFailed, already in the journal, or Stopped."""
    value = _go_on(unit, journal, claim)
    while value is NOTHING:
        value = _attempt(unit, journal, claim)
    return value


def _go_on(unit: Unit, journal: Journal, claim: Claim) -> Any:
    """Go on where an earlier life or a parked run left off."""
    lines = journal.of(unit)
    if not lines or lines[-1].kind not in ("intent", "pending"):
        return NOTHING
    if lines[-1].kind == "intent":
        return _judge(unit, journal, claim, lines[-1].attempt, Interrupted("it was interrupted"))
    # That it may have happened is in the journal already; asked again, it only waits for its answer.
    enter(unit)
    return _call(unit, journal, claim, _next(unit, journal))


def _attempt(unit: Unit, journal: Journal, claim: Claim) -> Any:
    attempt = _next(unit, journal)
    enter(unit)
    journal.write(unit, "intent", attempt=attempt)
    _commit(unit, claim, "intent")
    return _call(unit, journal, claim, attempt)


def _next(unit: Unit, journal: Journal) -> int:
    return 1 + max((line.attempt for line in journal.of(unit)), default=0)


def _call(unit: Unit, journal: Journal, claim: Claim, attempt: int) -> Any:
    failure: Exception | None = None
    waits, value = False, NOTHING
    try:
        work = bound(unit.step.function, unit, journal, attempt)
        rollback()  # nothing is held while others are waited for
        point(f"{unit.step.workflow.name}.{unit.step.name}")
        answer = call_outside(work)
        waits = isinstance(answer, Pending)
        value = wait_of(unit, journal, answer) if waits else result(unit.step.function, answer)
    except Exception as error:
        failure = error
    mark(unit, "called")
    if failure is not None:
        return _judge(unit, journal, claim, attempt, failure)
    if waits:
        park(unit, journal, claim, attempt, value)
    return _keep(unit, journal, claim, attempt, value)


def _judge(unit: Unit, journal: Journal, claim: Claim, attempt: int, error: Exception) -> Any:
    """Write what a failed attempt leads to: another, a value in its stead, a person's word, or the end."""
    retries = sum(line.kind == "retry" for line in journal.since_asked(unit))
    answer = answer_to(unit, journal, attempt, error, may_retry=retries < unit.step.retries)
    if isinstance(answer, Continue):
        return _keep(unit, journal, claim, attempt, result(unit.step.function, answer.value))
    if isinstance(answer, Person):
        ask(unit, journal, claim, attempt, reason_of(Undecided(answer.reason or reason_of(error))))
    final = "refused" if isinstance(error, Refused) else "failed"
    journal.write(unit, "retry" if answer else final, attempt=attempt, reason=reason_of(error))
    _commit(unit, claim, "judgement")
    if answer is None:
        raise StepFailed(unit, error) from error
    return NOTHING


def _keep(unit: Unit, journal: Journal, claim: Claim, attempt: int, value: Any) -> Any:
    journal.write(unit, "done", attempt=attempt, result=value)
    _commit(unit, claim, "result")
    return value


def _commit(unit: Unit, claim: Claim, what: str) -> None:
    claim.renew()
    mark(unit, f"{what}.before_commit")
    commit()
    mark(unit, f"{what}.after_commit")
