"""The life of a child: a run, from its start to as far as it comes."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from tests.foundation.workflow import bank
from tests.foundation.workflow.deeds import Buy, Tap, buy, tap
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import Actor, scope
from voelgoed.foundation.workflow import carry_on, decide, start, stuck_runs, wake


def live(home: UUID, book: Path, inputs: Buy) -> None:
    """Live in a process of its own, in the scope of a house."""
    bank.at(book)
    with scope(home, Actor("system", None, "a child of the test")):
        one_life(inputs)


def one_life(inputs: Buy) -> UUID:
    """Start a run in the first life; carry it on in every one, wake it while it is parked, decide when asked."""
    run_id = start(tap if isinstance(inputs, Tap) else buy, inputs, key="1", send=False)
    commit()
    if carry_on(run_id) is None:
        wake(run_id)
        commit()
        carry_on(run_id)
    if stuck := stuck_runs():
        decide(stuck[0].stuck.id, "a slip", "a slip of paper says so")
        commit()
        carry_on(run_id)
    return run_id
