"""Killed at every point, and at two: after healing, the run has done all its steps or none of them."""

import os
import random
import subprocess
import sys
from collections import Counter

import psycopg
import pytest
from sqlalchemy import select

from tests.foundation.nursery import Nursery
from tests.foundation.workflow.bank import Bank
from tests.foundation.workflow.child import live, one_life
from tests.foundation.workflow.deeds import Buy, Tap, fresh_venues
from voelgoed.foundation import points
from voelgoed.foundation.database import db
from voelgoed.foundation.workflow import Done, Failed, outcome_of
from voelgoed.foundation.workflow.journal import WorkflowRun

DEEDS = [
    Buy("inside", ["cash"]),
    Buy("well", ["good", "cash", "good"]),
    Buy("badly", ["good", "cash"], "badly"),
    Buy("broken", ["good", "broken"]),
    Tap("waits", ["chip", "cash"]),
    Tap("asks", ["good", "torn chip"], "badly"),
]
LONG = ("broken", "asks", "waits", "badly")


@pytest.fixture
def wiped(database):
    """Empty the tables between two lives."""

    def wipe():
        with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            for table in ("run_stuck", "workflow_outcome", "workflow_step", "workflow_run", "outbox_row", "venue"):
                connection.execute(f"DELETE FROM {table}")

    return wipe


@pytest.fixture
def killed_at(database, house, bank, wiped):
    """Return what lets a child run until a point is passed, and says whether it was killed there."""
    home, book = house.organization_id, bank.path
    with Nursery(database.config(), live, home, book, DEEDS[3]) as made:
        wiped()
        book.unlink()
        Bank(book)
        yield lambda inputs, name, passing=1: made.killed_at(name, passing, home, book, inputs)


def passed(house, inputs, bank, wiped):
    """Live through it once and return each point with the number of its passing."""
    with points.recording() as names, house.scope():
        one_life(inputs)
    wiped()
    bank.path.unlink(missing_ok=True)
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        if not name.startswith("boundary."):  # each of these stands right beside one of the engine's own
            yield name, seen[name]


def check(house, inputs, bank, outcome):
    """Compare what is left with the model: everything, or nothing and each charge reversed once."""
    with house.scope():
        venues = fresh_venues()
    step = "tapped" if isinstance(inputs, Tap) else "charge"
    cards = [f"{step}:{n}" for n, tender in enumerate(inputs.tenders) if tender != "cash"]
    charged = bank.deeds("charged")
    if isinstance(outcome, Done):
        cash = [f"{inputs.name} cash"] if "cash" in inputs.tenders else []
        assert venues == sorted([f"{inputs.name} booked", *cash, f"{inputs.name} ledger"])
        assert charged == dict.fromkeys(cards, 1)
        assert bank.deeds("reversed") == {}
    else:
        assert venues == []
        assert set(charged) <= set(bank.deeds("reversed"))
        assert set(bank.deeds("reversed").values()) <= {1}
        assert set(charged.values()) <= {1}
    assert isinstance(outcome, Done) or inputs.ending == "badly" or "broken" in inputs.tenders


@pytest.mark.parametrize(
    "inputs",
    [pytest.param(one, id=one.name, marks=[pytest.mark.deep] if one.name in LONG else []) for one in DEEDS],
)
def test_killed_at_every_point_and_healed(killed_at, house, bank, wiped, heal, inputs):
    found = list(passed(house, inputs, bank, wiped))
    assert len(found) > 6
    for name, passing in found:
        fresh = Bank(bank.path)
        killed = killed_at(inputs, name, passing)
        assert killed, f"{name} was not passed {passing} times"
        with house.scope():
            run_id = db.session.scalars(select(WorkflowRun.id)).one()
        check(house, inputs, fresh, heal(run_id))
        wiped()
        bank.path.unlink()


@pytest.mark.deep
def test_killed_twice_and_healed(killed_at, house, bank, wiped, lapse, heal):
    seed = int(os.environ.get("VOELGOED_SEED", random.SystemRandom().randrange(10**9)))
    print(f"VOELGOED_SEED={seed}")
    chance, inputs = random.Random(seed), DEEDS[2]
    found = list(passed(house, inputs, bank, wiped))
    for _ in range(12):
        fresh = Bank(bank.path)
        for name, passing in sorted(chance.sample(found, 2)):
            killed_at(inputs, name, passing)
            lapse()
        with house.scope():
            run_id = db.session.scalars(select(WorkflowRun.id)).one()
        check(house, inputs, fresh, heal(run_id))
        wiped()
        bank.path.unlink()


def test_control_without_recovery_the_probe_sees_a_half_done_run(killed_at, house, bank, wiped):
    """The check above is no rubber stamp: before healing, it finds the charge without its reversal."""
    inputs = DEEDS[2]
    assert killed_at(inputs, "test_buy.charge.result.after_commit")
    with house.scope():
        run_id = db.session.scalars(select(WorkflowRun.id)).one()
        assert outcome_of(run_id) is None
    with pytest.raises(AssertionError):
        check(house, inputs, bank, Failed("ledger", ""))


def test_a_child_is_armed_by_its_environment():
    program = "from voelgoed.foundation.points import point; point('here'); print('past', flush=True); point('here')"
    armed = {**os.environ, "VOELGOED_POINT": "here:2"}
    ended = subprocess.run([sys.executable, "-c", program], env=armed, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (-9, b"past\n")
    tripped = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "VOELGOED_POINT": "here=raise"},
        capture_output=True,
        check=False,
    )
    assert b"Tripped" in tripped.stderr
