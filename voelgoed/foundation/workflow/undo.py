"""Taking back what a run did before it failed: in reverse, by key, until it is done or needs a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.outbox import Claim, LostLease
from voelgoed.foundation.outbox.dispatch import backoff
from voelgoed.foundation.workflow.answers import Pending, Undecided, reason_of
from voelgoed.foundation.workflow.call import call_outside
from voelgoed.foundation.workflow.declaration import Workflow
from voelgoed.foundation.workflow.interruption import mark
from voelgoed.foundation.workflow.parking import call_person
from voelgoed.foundation.workflow.perform import bound, enter, faulty_database
from voelgoed.foundation.workflow.plan import Known, Unit, units_of
from voelgoed.foundation.workflow.record import Journal

TRIES = 6  # of an undo, over about a minute, before a person is called


def undo_all(workflow: Workflow[Any], journal: Journal, claim: Claim) -> bool:
    """Undo, last first, whatever may have happened; False when one failed and waits for its next try."""
    for unit in reversed(list(_touched(workflow, journal))):
        undoable = unit.step.on_undo is not None and journal.may_have_happened(unit)
        if undoable and not _undo(unit, journal, claim):
            return False
    return True


def _touched(workflow: Workflow[Any], journal: Journal) -> Iterator[Unit]:
    """Return the units that the journal names, with what was known when they were done."""
    known: Known = dict(journal.run.inputs)
    for step in workflow.steps.values():
        units = list(units_of(step, known))
        yield from (_with_result(unit, journal) for unit in units if journal.of(unit))
        results = [done.result for unit in units if (done := journal.done(unit))]
        if len(results) < len(units):
            return
        known = {**known, step.name: results if step.each is not None else results[0]}


def _with_result(unit: Unit, journal: Journal) -> Unit:
    done = journal.done(unit)
    if done is None or unit.external:
        return unit
    return Unit(unit.step, unit.item, {**unit.known, unit.step.name: done.result}, unit.external)


def _undo(unit: Unit, journal: Journal, claim: Claim) -> bool:
    tries = 1 + sum(line.kind == "undo_failed" for line in journal.of(unit))
    try:
        _take_back(unit, journal, claim, tries)
    except LostLease:
        raise
    except Exception as error:
        rollback()
        if faulty_database(error):
            raise
        _put_off(unit, Journal.read(journal.run.id), claim, tries, reason_of(error))
        return False
    return True


def _take_back(unit: Unit, journal: Journal, claim: Claim, tries: int) -> None:
    assert unit.step.on_undo is not None
    enter(unit)
    mark(unit, "undo.before")
    work = bound(unit.step.on_undo, unit, journal, tries)
    if unit.external:
        rollback()
        if isinstance(call_outside(work), Pending):
            raise Undecided("it answered Pending: what is not undone yet is tried again, not waited for")
    else:
        work()
    mark(unit, "undo.called")
    journal.write(unit, "undone", attempt=tries)
    claim.renew()
    mark(unit, "undo.before_commit")
    commit()
    mark(unit, "undo.after_commit")


def _put_off(unit: Unit, journal: Journal, claim: Claim, tries: int, reason: str) -> None:
    journal.write(unit, "undo_failed", attempt=tries, reason=reason)
    if tries % TRIES:
        claim.postpone(backoff(tries), f"undo of {unit.name}: {reason}")
    else:
        call_person("back", unit, journal, claim, reason)
    mark(unit, "undo_failed.before_commit")
    commit()
    mark(unit, "undo_failed.after_commit")
