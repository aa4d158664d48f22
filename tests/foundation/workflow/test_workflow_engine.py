"""A run does all its steps or none: what failed, broke, timed out or was refused is undone by key."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import NotFound

from tests.foundation.workflow.deeds import Ask, Buy, Pick, Take, ask, buy, fresh_venues, note, pick, take, tried
from voelgoed.foundation import points
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import Claim, take_about
from voelgoed.foundation.outbox import claim as claims
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.workflow import (
    Done,
    Failed,
    OpenTransaction,
    OtherInputs,
    call,
    carry_on,
    outcome_of,
    run,
    start,
)
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowRun, WorkflowStep
from voelgoed.foundation.workflow.person import settle, stuck_runs, try_again


def lines(house):
    with house.scope():
        rows = db.session.scalars(select(WorkflowStep).order_by(WorkflowStep.position)).all()
        return [(row.step, row.item, row.kind) for row in rows]


def venues(house):
    with house.scope():
        return fresh_venues()


def test_a_run_that_stays_inside_is_one_transaction_without_step_rows(house):
    with house.scope():
        assert run(take, Take("inside", 0), key="1") == Done({"counted": 1, "last": None})
        assert db.session.scalar(select(func.count()).select_from(WorkflowStep)) == 0
        writers = select(func.count(func.distinct(db.literal_column("xmin::text"))))
        assert db.session.scalar(writers.select_from(OutboxRow)) == 1
    assert venues(house) == ["inside 1", "inside last"]


def test_cash_among_the_choices_selects_nothing_external(house, bank):
    with house.scope():
        assert run(buy, Buy("cash sale", ["cash"]), key="1").results["charge"] == ["cash"]
    assert lines(house) == []
    assert bank.deeds("asked") == {}


def test_an_external_step_has_its_intent_before_and_its_result_after(house, bank):
    with house.scope():
        outcome = run(buy, Buy("mixed", ["good", "cash"]), key="1")
    assert outcome == Done({"book": outcome.results["book"], "charge": ["receipt 0", "cash"], "ledger": 2})
    assert lines(house) == [
        ("book", None, "done"),
        ("charge", 0, "intent"),
        ("charge", 0, "done"),
        ("charge", 1, "done"),
        ("ledger", None, "done"),
    ]
    assert bank.deeds("charged") == {"charge:0": 1}


@pytest.mark.parametrize(
    ("tender", "reason", "kinds", "reversed_"),
    [
        ("declined", "the card was declined", ["intent", "retry", "intent", "refused", "undone"], 1),
        ("down", "no route to the bank", ["intent", "retry", "intent", "failed", "undone"], 1),
        ("broken", "the line broke after the charge", ["intent", "retry", "intent", "failed", "undone"], 1),
    ],
)
def test_a_charge_that_fails_undoes_what_stood(house, bank, tender, reason, kinds, reversed_):
    with house.scope():
        assert run(buy, Buy("x", ["good", tender]), key="1") == Failed("charge", reason)
    assert venues(house) == []
    assert [kind for step, item, kind in lines(house) if (step, item) == ("charge", 1)] == kinds
    assert bank.deeds("reversed") == {"charge:0": 1, "charge:1": reversed_}


def test_a_refusal_at_the_first_attempt_has_nothing_to_undo(house, bank):
    with house.scope():
        assert run(ask, Ask("declined"), key="1") == Failed("asked", "the card was declined")
    assert bank.deeds("asked to reverse") == {}


def test_undo_runs_in_reverse(house, bank):
    with house.scope():
        run(buy, Buy("x", ["good", "cash", "good"], "badly"), key="1")
    undone = [(step, item) for step, item, kind in lines(house) if kind == "undone"]
    assert undone == [("charge", 2), ("charge", 1), ("charge", 0), ("book", None)]
    assert venues(house) == []


def test_a_flaky_charge_is_retried_under_the_same_key(house, bank):
    with house.scope():
        assert run(ask, Ask("flaky"), key="1").results["asked"] == "receipt d at 2"
    assert bank.deeds("asked") == {"asked": 2}
    assert bank.deeds("charged") == {"asked": 1}


def test_a_charge_that_times_out_after_its_work_is_undone_by_key(house, bank, monkeypatch):
    monkeypatch.setattr(call, "DEADLINE", 0.05)
    with house.scope():
        assert run(buy, Buy("x", ["slow"]), key="1") == Failed("charge", "no answer within 0.05 seconds")
    assert bank.deeds("charged") == {"charge:0": 1}
    assert bank.deeds("reversed") == {"charge:0": 1}
    assert venues(house) == []


def test_a_compensation_may_go_on_with_a_value(house, bank, monkeypatch):
    monkeypatch.setattr(call, "DEADLINE", 0.05)
    with house.scope():
        assert run(ask, Ask("slow"), key="1") == Done({"asked": "unknown", "closing": None})
    assert bank.deeds("reversed") == {}


def test_a_local_step_is_retried_behind_a_savepoint(house):
    tried.clear()
    with house.scope():
        assert run(take, Take("second", 1), key="1") == Done({"counted": 2, "last": None})
    assert tried == [1, 2]
    assert venues(house) == ["second 2", "second last"]


def test_what_a_step_found_is_done_for_each_and_a_failed_one_leaves_no_trace(house):
    with house.scope():
        outcome = run(pick, Pick("3 four 5"), key="1")
    assert outcome == Done({"found": ["3", "four", "5"], "picked": [3, 0, 5], "total": 8})
    assert venues(house) == ["picked 3", "picked 5"]


def test_a_local_run_that_fails_leaves_nothing_but_its_outcome(house):
    with house.scope():
        assert run(take, Take("never", 3), key="1") == Failed("counted", "wrong at 3")
        assert run(take, Take("fails", 0), key="2") == Failed("last", "the last failed")
    assert venues(house) == []
    assert lines(house) == []


def test_the_same_key_is_the_same_run(house):
    with house.scope():
        first = run(take, Take("once", 0), key="k")
        assert run(take, Take("once", 0), key="k") == first
        with pytest.raises(OtherInputs, match="other inputs"):
            run(take, Take("twice", 0), key="k")
        rollback()
    assert venues(house) == ["once 1", "once last"]


def test_an_outsider_may_use_the_same_key_and_sees_no_run(personas):
    with personas.home.scope():
        run_id = start(take, Take("ours", 0), key="k", send=False)
        commit()
        run(take, Take("ours", 0), key="k")
    with personas.abroad.scope():
        assert outcome_of(run_id) is None
        rollback()
        assert isinstance(run(take, Take("theirs", 0), key="k"), Done)
    assert venues(personas.home) == ["ours 1", "ours last"]
    assert venues(personas.abroad) == ["theirs 1", "theirs last"]


def test_a_run_is_not_begun_inside_a_transaction(house):
    with house.scope():
        fresh_venues()
        with pytest.raises(OpenTransaction, match="commit or roll back first"):
            run(take, Take("x", 0), key="k")


def test_a_run_that_was_started_but_rolled_back_never_was(house):
    with house.scope():
        start(take, Take("x", 0), key="k")
        rollback()
        assert db.session.scalar(select(func.count()).select_from(WorkflowRun)) == 0
        assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == 0


def test_the_trail_names_who_asked_and_the_run_and_step(house, bank):
    with house.scope("box_office"):
        run(buy, Buy("traced", ["good"], "badly"), key="1")
        run_id = str(db.session.scalars(select(WorkflowRun.id)).one())
        about = select(AuditEntry).where(AuditEntry.object == "venue").order_by(AuditEntry.created_at)
        found = [(e.actor_label, e.run, e.step) for e in db.session.scalars(about)]
    assert found == [("box_office of home", run_id, "book"), ("box_office of home", run_id, "book")]


def test_an_undo_that_keeps_failing_calls_a_person_and_the_person_ends_it(house, bank, lapse, heal):
    closed = bank.path.with_suffix(".closed")
    closed.touch()
    with house.scope():
        assert run(ask, Ask("late"), key="1") is None
        run_id = db.session.scalars(select(WorkflowRun.id)).one()
        assert stuck_runs() == []
        assert db.session.scalars(select(OutboxRow.last_error)).one() == "undo of asked: the bank is closed"
    for _ in range(5):
        lapse()
        with house.scope():
            assert carry_on(run_id) is None
    with house.scope():
        [one] = stuck_runs()
        assert (one.stuck.step, one.stuck.reason) == ("asked", "the bank is closed")
        assert [line.kind for line in one.journal.lines].count("undo_failed") == 6
    lapse()
    with house.scope():
        assert carry_on(run_id) is None
        closed.unlink()
        try_again(one.stuck.id)
        commit()
    assert heal(run_id) == Failed("closing", "too late")
    assert bank.deeds("reversed") == {"asked": 1}
    with house.scope():
        assert stuck_runs() == []


def test_a_person_settles_by_hand_with_a_reason(house, bank, lapse):
    with house.scope():
        run_id = start(ask, Ask("late"), key="1", send=False)
        stuck = RunStuck(run_id=run_id, step="asked", reason="the bank is closed")
        db.session.add(stuck)
        commit()
        settle(stuck.id, "refunded over the counter")
        commit()
        assert outcome_of(run_id) == Failed("asked", "settled by hand: refunded over the counter")
        deleted = select(AuditEntry).where(AuditEntry.object == "run_stuck").order_by(AuditEntry.created_at.desc())
        assert db.session.scalars(deleted).first().reason == "refunded over the counter"


def test_an_outsider_can_neither_see_nor_settle_a_stuck_run(personas, bank):
    with personas.home.scope():
        stuck = RunStuck(run_id=start(ask, Ask("late"), key="1", send=False), step="asked", reason="closed")
        db.session.add(stuck)
        commit()
    with personas.abroad.scope():
        assert stuck_runs() == []
        with pytest.raises(NotFound):
            settle(stuck.id, "not mine")
        with pytest.raises(NotFound):
            try_again(uuid4())


def carried_twice(house, app, bank):
    """Try to carry a run on while a thread is on its way to the bank; returns the outcome and the deeds."""
    inside, go_on = Event(), Event()
    with house.scope():
        run_id = start(ask, Ask("good"), key="1", send=False)
        commit()

    def first():
        with app.app_context(), house.scope():
            carry_on(run_id)

    def on_its_way():
        inside.set()
        assert go_on.wait(60)

    with points.armed("test_ask.asked", on_its_way):
        thread = Thread(target=first)
        thread.start()
        assert inside.wait(60)
        with house.scope():
            carry_on(run_id)
        go_on.set()
        thread.join()
    with house.scope():
        return outcome_of(run_id), bank.deeds("charged"), bank.deeds("reversed")


def test_two_engines_never_carry_one_run(house, app, bank):
    outcome, charged, reversed_ = carried_twice(house, app, bank)
    assert isinstance(outcome, Done)
    assert (charged, reversed_) == ({"asked": 1}, {})


def test_control_without_the_lease_the_second_engine_undoes_what_the_first_does(house, app, bank, monkeypatch):
    monkeypatch.setattr(claims, "due", lambda: OutboxRow.done_at.is_(None))
    outcome, _charged, reversed_ = carried_twice(house, app, bank)
    assert outcome == Failed("asked", "it was interrupted")
    assert reversed_ == {"asked": 1}


def test_a_deadlock_is_the_databases_trouble_and_the_segment_is_tried_again(house, monkeypatch):
    deadlocks = [OperationalError("deadlock", {}, Exception("deadlock detected"))]

    def unlucky(name: str, wrong: int, attempt: int) -> int:
        note(f"{name} {attempt}")
        if deadlocks:
            raise deadlocks.pop()
        return attempt

    monkeypatch.setattr(take.steps["counted"], "function", unlucky)
    with house.scope():
        assert run(take, Take("unlucky", 0), key="1") == Done({"counted": 1, "last": None})
    assert venues(house) == ["unlucky 1", "unlucky last"]


def test_a_database_that_is_away_for_long_fails_no_step(house, monkeypatch, heal):
    away = [OperationalError("away", {}, Exception("connection refused")) for _ in range(3)]

    def unlucky(name: str, wrong: int, attempt: int) -> int:
        if away:
            raise away.pop()
        return attempt

    monkeypatch.setattr(take.steps["counted"], "function", unlucky)
    with house.scope():
        assert run(take, Take("away", 0), key="1") is None
        run_id = db.session.scalars(select(WorkflowRun.id)).one()
    assert isinstance(heal(run_id), Done)


def test_a_last_step_without_result_is_the_last_to_write(house, monkeypatch):
    """It may hold rows that everybody wants: outcome and job are written before it."""
    seen = []

    def looks(name: str, counted: int) -> None:
        row = db.session.scalars(select(OutboxRow).execution_options(populate_existing=True)).one()
        seen.append((row.done_at is not None, outcome_of(db.session.scalars(select(WorkflowRun.id)).one())))

    monkeypatch.setattr(take.steps["last"], "function", looks)
    with house.scope():
        outcome = run(take, Take("x", 0), key="1")
    assert seen == [(True, outcome)]


def test_two_starts_at_once_are_one_run(house, app):
    def begin(_number):
        with app.app_context(), house.scope():
            run_id = start(take, Take("same", 0), key="k", send=False)
            commit()
            return run_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(begin, range(6)))) == 1


def test_a_result_that_is_no_json_value_fails_the_step(house, monkeypatch):
    def careless(name: str, wrong: int, attempt: int):
        return object()

    monkeypatch.setattr(take.steps["counted"], "function", careless)
    with house.scope():
        outcome = run(take, Take("x", 0), key="1")
    assert outcome.step == "counted"
    assert "serialize" in outcome.reason


def test_an_external_step_has_no_scope_of_ours(house, bank, monkeypatch):
    monkeypatch.setattr(ask.steps["asked"], "function", lambda card: len(fresh_venues()))
    with house.scope():
        assert "no scope" in run(ask, Ask("good"), key="1").reason


def taken_over(house, database, bank):
    """Let twenty seconds pass at each of three charges; returns where another could claim the run."""
    stolen = []
    with house.scope():
        run_id = start(buy, Buy("long", ["good", "good", "good"]), key="1", send=False)
        commit()

    def twenty_seconds_later():
        with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
            connection.execute("UPDATE outbox_row SET claimed_until = claimed_until - interval '20 seconds'")
        with house.scope():
            stolen.append(take_about(run_id) is not None)

    with points.armed("test_buy.charge", twenty_seconds_later), house.scope():
        carry_on(run_id)
    return stolen


def test_a_lease_is_renewed_while_the_run_goes_on(house, database, bank):
    assert taken_over(house, database, bank) == [False, False, False]


def test_control_without_renewal_the_run_is_taken_over(house, database, bank, monkeypatch):
    monkeypatch.setattr(Claim, "renew", lambda _claim: None)
    assert taken_over(house, database, bank)[:2] == [False, True]
