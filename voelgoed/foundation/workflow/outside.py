"""Doing an external unit: the intent committed before, the result after, nothing held between."""

from __future__ import annotations

from typing import Any

from voelgoed.foundation.boundary import commit
from voelgoed.foundation.outbox import Claim
from voelgoed.foundation.points import point
from voelgoed.foundation.workflow.answers import Continue, Interrupted, Refused, reason_of
from voelgoed.foundation.workflow.call import call_outside
from voelgoed.foundation.workflow.perform import StepFailed, answer_to, bound, enter
from voelgoed.foundation.workflow.plan import Unit
from voelgoed.foundation.workflow.record import Journal
from voelgoed.foundation.workflow.values import result

NOTHING = object()


def leave(unit: Unit, journal: Journal, claim: Claim) -> Any:
    """Do an external unit until it answers or fails for good; raises StepFailed, already in the journal."""
    lines = journal.of(unit)
    attempt = sum(line.kind == "intent" for line in lines)
    if lines and lines[-1].kind == "intent":
        value = _judge(unit, journal, claim, attempt, Interrupted("it was interrupted"))
        if value is not NOTHING:
            return value
    while True:
        attempt += 1
        value = _attempt(unit, journal, claim, attempt)
        if value is not NOTHING:
            return value


def _attempt(unit: Unit, journal: Journal, claim: Claim, attempt: int) -> Any:
    enter(unit)
    journal.write(unit, "intent", attempt=attempt)
    _commit(claim, "intent")
    point(f"{unit.step.workflow.name}.{unit.step.name}")
    try:
        work = bound(unit.step.function, unit, journal, attempt)
        value = result(unit.step.function, call_outside(work))
    except Exception as error:
        point("workflow.step_failed")
        return _judge(unit, journal, claim, attempt, error)
    point("workflow.step_done")
    return _keep(unit, journal, claim, attempt, value)


def _judge(unit: Unit, journal: Journal, claim: Claim, attempt: int, error: Exception) -> Any:
    """Write what a failed attempt leads to: another, a value in its stead, or the end."""
    answer = answer_to(unit, journal, attempt, error)
    if isinstance(answer, Continue):
        return _keep(unit, journal, claim, attempt, result(unit.step.function, answer.value))
    final = "refused" if isinstance(error, Refused) else "failed"
    journal.write(unit, "retry" if answer else final, attempt=attempt, reason=reason_of(error))
    _commit(claim, "judgement")
    if answer is None:
        raise StepFailed(unit, error) from error
    return NOTHING


def _keep(unit: Unit, journal: Journal, claim: Claim, attempt: int, value: Any) -> Any:
    journal.write(unit, "done", attempt=attempt, result=value)
    _commit(claim, "result")
    return value


def _commit(claim: Claim, what: str) -> None:
    claim.renew()
    point(f"workflow.{what}.before_commit")
    commit()
    point(f"workflow.{what}.after_commit")
