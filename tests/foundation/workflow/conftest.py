"""A bank per test, and the hands that heal: leases that have run out, runs that are carried on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests.foundation.workflow import bank as banks
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.workflow import Outcome, carry_on, decide, stuck_runs


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[banks.Bank]:
    banks.let_go.clear()
    yield banks.at(tmp_path / "bank.sqlite")
    banks.let_go.set()


@pytest.fixture
def house(personas):
    return personas.home


@pytest.fixture
def lapse(database) -> Callable[[], None]:
    """Let time pass: all leases have run out, all that waits is due."""

    def lapsed() -> None:
        with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
            connection.execute(
                "UPDATE outbox_row SET claimed_until = now() - interval '1 second', "
                "due_at = now() - interval '1 minute' "
                "WHERE done_at IS NULL"
            )

    return lapsed


@pytest.fixture
def heal(house, lapse) -> Callable[[UUID], Outcome]:
    """Carry a run on until it has ended; whoever is asked on the way says that there is a slip."""

    def healed(run_id: UUID) -> Outcome:
        for _ in range(10):
            lapse()
            with house.scope():
                for one in stuck_runs():
                    if one.stuck.direction == "forward":
                        decide(one.stuck.id, "a slip", "a slip of paper says so")
                commit()
                if (outcome := carry_on(run_id)) is not None:
                    return outcome
        raise AssertionError(f"run {run_id} does not end")

    return healed
