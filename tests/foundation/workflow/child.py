"""The life of a child: a run, from its start to as far as it comes."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from tests.foundation.workflow import bank
from tests.foundation.workflow.deeds import Buy, buy
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import Actor, scope
from voelgoed.foundation.workflow import carry_on, start


def live(home: UUID, book: Path, inputs: Buy) -> None:
    """Start a run in the first life; carry it on in every one."""
    bank.at(book)
    with scope(home, Actor("system", None, "a child of the test")):
        run_id = start(buy, inputs, key="1", send=False)
        commit()
        carry_on(run_id)
