"""A run whose answer is not there yet is put down, holds nobody, and goes on under the same key."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import func, select

from tests.foundation.embedded.living import until
from tests.foundation.workflow.deeds import Ask, Tap, ask, fresh_venues, take, tap
from tests.foundation.workflow.deeds import Take as Counting
from voelgoed.foundation import clock, points
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import take_about
from voelgoed.foundation.outbox.claim import LEASE
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.workflow import Done, Failed, Pending, carry_on, parking, run, start, wake
from voelgoed.foundation.workflow.journal import WorkflowRun, WorkflowStep


def parked(house, *tenders, ending="well"):
    """Run until it is parked; returns the run's id."""
    with house.scope():
        assert run(tap, Tap("till", list(tenders), ending), key="1") is None
        return db.session.scalars(select(WorkflowRun.id)).one()


def kinds(house, step="tapped", item=0):
    with house.scope():
        which = select(WorkflowStep.kind, WorkflowStep.attempt).where(
            WorkflowStep.step == step, WorkflowStep.item == item
        )
        return [tuple(row) for row in db.session.execute(which.order_by(WorkflowStep.position))]


def waits(house):
    """Return for how many seconds the run's row still waits, and whether anybody holds it."""
    with house.scope():
        left = func.extract("epoch", OutboxRow.due_at - func.clock_timestamp())
        return db.session.execute(select(left, OutboxRow.claim).where(OutboxRow.done_at.is_(None))).one()


def carried(house, run_id):
    with house.scope():
        return carry_on(run_id)


def woken(house, run_id):
    with house.scope():
        wake(run_id)
        commit()


def key_of(run_id, item=0):
    return f"{run_id}:tapped:{item}"


def test_a_run_without_an_answer_is_parked_and_asked_again_under_its_key(house, bank, lapse):
    run_id = parked(house, "chip", "cash", "good")
    left, claim = waits(house)
    assert (0 < left <= 2, claim) == (True, None)
    assert bank.deeds("asked") == {"tapped:0": 1}, "the second card waits for the first"
    assert carried(house, run_id) is None, "it is not due"
    assert bank.deeds("asked") == {"tapped:0": 1}
    lapse()
    outcome = carried(house, run_id)
    assert outcome.results["tapped"] == ["receipt 0", "cash", "receipt 2"]
    assert kinds(house) == [("intent", 1), ("pending", 1), ("done", 2)]
    assert (bank.deeds("asked"), bank.deeds("charged")) == (
        {"tapped:0": 2, "tapped:2": 1},
        {"tapped:0": 1, "tapped:2": 1},
    )


def test_asking_again_and_again_uses_up_no_retries(house, bank, lapse):
    run_id = parked(house, "slow chip")
    for _ in range(4):
        lapse()
        assert carried(house, run_id) is None
    assert [attempt for _kind, attempt in kinds(house)] == [1, 1, 2, 3, 4, 5]
    bank.answer(key_of(run_id))
    lapse()
    assert isinstance(carried(house, run_id), Done)


def test_a_refusal_after_waiting_did_nothing(house, bank, lapse):
    run_id = parked(house, "bad chip")
    bank.answer(key_of(run_id))
    lapse()
    assert carried(house, run_id) == Failed("tapped", "the card was declined")
    # Refused, retried as the compensation said, refused again: the bank is asked to make sure.
    assert [kind for kind, _ in kinds(house)] == ["intent", "pending", "retry", "intent", "refused", "undone"]


def test_when_patience_ends_the_unit_has_timed_out_and_is_undone_by_key(house, bank, lapse):
    run_id = parked(house, "good", "slow chip")
    lapse()
    with clock.frozen(clock.now() + timedelta(seconds=59)):
        assert carried(house, run_id) is None
        assert waits(house)[0] <= 1, "the last asking is when patience ends"
    lapse()
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert carried(house, run_id) == Failed("tapped", "no answer within 60 seconds")
    assert [kind for kind, _ in kinds(house, item=1)] == ["intent", "pending", "pending", "failed", "undone"]
    assert bank.deeds("reversed") == {"tapped:0": 1, "tapped:1": 1}
    with house.scope():
        assert fresh_venues() == []


def test_an_answer_at_the_end_of_patience_counts(house, bank, lapse):
    run_id = parked(house, "slow chip")
    bank.answer(key_of(run_id))
    lapse()
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert isinstance(carried(house, run_id), Done)


def test_whoever_has_the_answer_wakes_the_run(house, bank):
    run_id = parked(house, "slow chip")
    bank.answer(key_of(run_id))
    with house.scope():
        wake(run_id)
        rollback()
    assert carried(house, run_id) is None, "it was woken by a transaction that never was"
    woken(house, run_id)
    woken(house, run_id)
    assert waits(house)[0] <= 0
    assert isinstance(carried(house, run_id), Done)
    assert bank.deeds("asked") == {"tapped:0": 2}


def test_an_outsider_wakes_nothing(personas, bank):
    run_id = parked(personas.home, "slow chip")
    woken(personas.abroad, run_id)
    assert waits(personas.home)[0] > 0


def test_what_is_not_parked_is_not_woken(house, bank):
    bank.path.with_suffix(".closed").touch()
    with house.scope():
        assert run(ask, Ask("late"), key="1") is None, "its undo waits for its next try"
        run_id = db.session.scalars(select(WorkflowRun.id)).one()
    woken(house, run_id)
    assert waits(house)[0] > 0
    with house.scope():
        ended = start(take, Counting("ended", 0), key="1")
        commit()
        carry_on(ended)
        jobs = select(OutboxRow.due_at, OutboxRow.done_at).where(OutboxRow.subject_id == ended)
        before = db.session.execute(jobs).one()
        wake(ended)
        assert db.session.execute(jobs).one() == before


def answered_during_the_call(house, bank):
    """Have the answer come, and the run woken, while the terminal is being asked; returns how long it waits."""
    with house.scope():
        run_id = start(tap, Tap("till", ["slow chip"]), key="1", send=False)
        commit()
    with points.armed("test_tap.tapped.called", lambda: woken(house, run_id)), house.scope():
        assert carry_on(run_id) is None
    return waits(house)[0]


def test_an_answer_that_comes_while_it_is_asked_for_wakes_it_too(house, bank):
    assert answered_during_the_call(house, bank) <= 0


def test_control_without_the_look_at_the_row_it_sleeps_on(house, bank, monkeypatch):
    monkeypatch.setattr(parking, "LEASE", -10 * LEASE)
    assert answered_during_the_call(house, bank) > 0


def test_waiting_is_for_work_outside(house, bank, monkeypatch):
    monkeypatch.setattr(take.steps["counted"], "function", lambda name: Pending(1))
    with house.scope():
        assert run(take, Counting("x", 0), key="1") == Failed(
            "counted", "it answered Pending, but only work outside can be waited for"
        )


def test_nothing_is_held_while_it_is_asked_again(house, bank, lapse):
    run_id = parked(house, "chip")
    lapse()
    held = []
    with points.armed("test_tap.tapped", lambda: held.append(db.session().in_transaction())), house.scope():
        assert isinstance(carry_on(run_id), Done)
    assert held == [False]
    with house.scope():
        assert take_about(run_id) is None


@pytest.mark.parametrize("ending", ["well", "badly"])
def test_what_was_parked_once_ends_like_any_other(house, bank, lapse, ending):
    run_id = parked(house, "chip", ending=ending)
    lapse()
    outcome = carried(house, run_id)
    assert isinstance(outcome, Done) is (ending == "well")
    assert bank.deeds("reversed") == ({} if ending == "well" else {"tapped:0": 1})


@pytest.fixture
def queued(servers) -> Callable[[UUID], bool]:
    """Return what says whether a row's second job is queued for the workers that go outside."""
    charges = Queue("charges", connection=Redis.from_url(servers.valkey.url), serializer=JSONSerializer)
    return lambda row_id: f"{row_id}-1" in charges.job_ids


def parked_for(house, monkeypatch, seconds):
    """Park a run for so long; returns it and its row."""
    monkeypatch.setattr(tap.steps["tapped"], "function", lambda tender: Pending(seconds))
    run_id = parked(house, "slow chip")
    with house.scope():
        return run_id, db.session.scalars(select(OutboxRow.id)).one()


def test_a_woken_run_is_sent_to_a_worker_at_once(house, bank, queued, monkeypatch):
    run_id, row_id = parked_for(house, monkeypatch, 50)
    assert not queued(row_id)
    woken(house, run_id)
    assert queued(row_id)


def test_a_parked_run_is_sent_when_it_is_due_without_the_sweeper(house, bank, queued, monkeypatch):
    _run_id, row_id = parked_for(house, monkeypatch, 0.05)
    until(lambda: queued(row_id))
    assert waits(house)[0] <= 0, "never before it is due"


def test_an_undo_that_is_not_done_yet_is_tried_again(house, bank, lapse, monkeypatch):
    back = tap.steps["tapped"].on_undo
    monkeypatch.setattr(tap.steps["tapped"], "on_undo", lambda tender: Pending(1))
    run_id = parked(house, "good", ending="badly")
    assert kinds(house)[-1] == ("undo_failed", 1)
    monkeypatch.setattr(tap.steps["tapped"], "on_undo", back)
    lapse()
    assert isinstance(carried(house, run_id), Failed)
    assert bank.deeds("reversed") == {"tapped:0": 1}
