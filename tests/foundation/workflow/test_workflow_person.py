"""Where only a person can know how a step ended, the run stops, and goes on as the person says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from tests.foundation.workflow.deeds import Take, Tap, fresh_venues, take, tap
from voelgoed.foundation import clock
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.workflow import (
    Failed,
    Person,
    carry_on,
    decide,
    give_up,
    outcome_of,
    run,
    settle,
    start,
    stuck_runs,
    try_again,
)
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowRun, WorkflowStep


@pytest.fixture
def asked(house, bank, lapse):
    """A sale whose second terminal lost its connection after it was asked: nobody knows whether it charged."""
    with house.scope():
        assert run(tap, Tap("till", ["good", "torn chip"]), key="1") is None
        run_id = db.session.scalars(select(WorkflowRun.id)).one()
    lapse()
    with house.scope():
        assert carry_on(run_id) is None
    return run_id


def stuck(house):
    with house.scope():
        [one] = stuck_runs()
        return one.stuck


def told(house, deed, *said):
    """Have somebody decide; returns what became of the run."""
    with house.scope("manager"):
        deed(*said)
        commit()
        return carry_on(db.session.scalars(select(WorkflowRun.id)).one())


def kinds(house):
    with house.scope():
        which = select(WorkflowStep.kind, WorkflowStep.reason).where(WorkflowStep.item == 1)
        return [tuple(row) for row in db.session.execute(which.order_by(WorkflowStep.position))]


def reasons(house):
    with house.scope():
        about = select(AuditEntry).where(AuditEntry.object == "run_stuck").order_by(AuditEntry.created_at.desc())
        entry = db.session.scalars(about).first()
        return entry.action, entry.actor_label, entry.reason


def test_the_run_stops_and_neither_fails_nor_is_undone(house, bank, asked, lapse):
    one = stuck(house)
    assert (one.direction, one.step, one.item, one.reason) == (
        "forward",
        "tapped",
        1,
        "the terminal says: no route to the bank",
    )
    lapse()
    with house.scope():
        assert carry_on(asked) is None
        assert outcome_of(asked) is None
        assert db.session.scalars(select(OutboxRow.done_at)).one() is not None
    assert [kind for kind, _ in kinds(house)] == ["intent", "pending", "asked"]
    assert bank.deeds("asked to reverse") == {}
    assert bank.deeds("asked")["tapped:1"] == 2


def test_tried_again_the_step_is_called_under_the_same_key(house, bank, asked):
    before = stuck(house)
    assert told(house, try_again, before.id) is None, "the line is still down: a person is asked again"
    assert bank.deeds("asked")["tapped:1"] == 3
    assert [kind for kind, _ in kinds(house)] == ["intent", "pending", "asked", "intent", "asked"]
    assert stuck(house).id != before.id


def test_tried_again_it_has_its_patience_again(house, bank, asked, lapse, monkeypatch):
    monkeypatch.setattr(type(bank), "terminal", lambda *_: None)
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert told(house, try_again, stuck(house).id) is None
    assert [kind for kind, _ in kinds(house)][-2:] == ["intent", "pending"]


def test_a_person_says_what_the_step_led_to_and_the_run_goes_on(house, bank, asked):
    outcome = told(house, decide, stuck(house).id, "receipt on paper", "the slip says so")
    assert outcome.results["tapped"] == ["receipt 0", "receipt on paper"]
    assert kinds(house)[-1] == ("done", "the slip says so")
    assert reasons(house) == ("deleted", "manager of home", "the slip says so")
    assert bank.deeds("asked")["tapped:1"] == 2, "nobody asks the bank about what a person has decided"
    assert bank.deeds("reversed") == {}


def test_what_is_no_result_of_the_step_is_refused(house, bank, asked):
    with house.scope("manager"), pytest.raises(ValueError, match="valid string"):
        decide(stuck(house).id, 500, "it said five rand")
    with house.scope():
        assert [one.stuck.run_id for one in stuck_runs()] == [asked]
        assert db.session.scalar(select(OutboxRow.id).where(OutboxRow.done_at.is_(None))) is None


def test_given_up_the_run_goes_back_and_the_step_is_undone_by_key(house, bank, asked):
    outcome = told(house, give_up, stuck(house).id, "the customer left")
    assert outcome == Failed("tapped", "the customer left")
    assert reasons(house) == ("deleted", "manager of home", "the customer left")
    assert [kind for kind, _ in kinds(house)][-2:] == ["failed", "undone"]
    assert bank.deeds("reversed") == {"tapped:0": 1, "tapped:1": 1}
    with house.scope():
        assert fresh_venues() == []


def test_a_later_failure_takes_back_what_a_person_decided(house, bank, lapse):
    with house.scope():
        run(tap, Tap("till", ["torn chip"], "badly"), key="1")
        run_id = db.session.scalars(select(WorkflowRun.id)).one()
    lapse()
    with house.scope():
        carry_on(run_id)
    assert isinstance(told(house, decide, stuck(house).id, "receipt on paper", "the slip says so"), Failed)
    assert bank.deeds("reversed") == {"tapped:0": 1}


def test_each_decision_is_for_its_direction(house, bank, asked):
    one = stuck(house)
    with house.scope():
        with pytest.raises(NotFound):
            settle(one.id, "settled")
        run_id = start(take, Take("back", 0), key="1", send=False)
        back = RunStuck(run_id=run_id, step="counted", reason="its undo fails")
        db.session.add(back)
        commit()
        assert back.direction == "back"
        for deed in (lambda: decide(back.id, 1, "one"), lambda: give_up(back.id, "no")):
            with pytest.raises(NotFound):
                deed()


def test_an_outsider_decides_nothing(personas, bank, asked):
    one = stuck(personas.home)
    with personas.abroad.scope("owner"):
        assert stuck_runs() == []
        for deed in (
            lambda: decide(one.id, "x", "x"),
            lambda: give_up(one.id, "x"),
            lambda: try_again(one.id),
            lambda: settle(one.id, "x"),
        ):
            with pytest.raises(NotFound):
                deed()


def test_of_two_persons_who_decide_at_once_one_is_heard(house, app, bank, asked):
    one, both = stuck(house), Barrier(2)

    def says(value):
        with app.app_context(), house.scope("manager"):
            both.wait(60)
            try:
                decide(one.id, value, "I saw it")
                commit()
            except NotFound:
                rollback()
                return None
            return value

    with ThreadPoolExecutor(2) as pool:
        heard = [value for value in pool.map(says, ["one", "two"]) if value]
    assert len(heard) == 1
    with house.scope():
        assert carry_on(asked).results["tapped"] == ["receipt 0", *heard]


def test_of_local_work_there_is_nothing_to_decide(house, monkeypatch):
    monkeypatch.setattr(take.steps["counted"], "on_error", lambda error: Person("who knows"))
    with house.scope():
        assert run(take, Take("never", 3), key="1") == Failed("counted", "wrong at 1")
        assert stuck_runs() == []
