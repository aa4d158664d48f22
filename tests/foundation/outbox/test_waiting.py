"""Waiting with empty hands: whoever waits holds no connection, and a cash sale never waits for the cache."""

from dataclasses import dataclass
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from tests.foundation.workflow.bank import at
from tests.foundation.workflow.deeds import Buy, Take, buy, fresh_venues, take
from voelgoed.foundation import waiting
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import Broker, broker, kept, sweep_once, take_about
from voelgoed.foundation.outbox.kept import LEASE
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import scope
from voelgoed.foundation.waiting import wait_for
from voelgoed.foundation.workflow import Done, OpenTransaction, carry_on, start


def begun(house, name="sale", **options):
    run_id = start(take, Take(name, 0), key=name, **options)
    commit()
    return run_id


def test_it_answers_with_the_outcome_of_the_worker(house, app, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 60.0)

    def worker(run_id):
        with app.app_context(), house.scope():
            carry_on(run_id)

    with house.scope():
        run_id = begun(house)
        other = Thread(target=worker, args=(run_id,))
        other.start()
        assert wait_for(run_id, 20) == Done({"counted": 1, "last": None})
        other.join()


def test_a_run_that_nobody_claims_is_carried_by_who_waits(house, redis):
    with house.scope("box_office"):
        run_id = begun(house)
        assert wait_for(run_id, 20) == Done({"counted": 1, "last": None})
    with house.scope():
        assert fresh_venues() == ["sale 1", "sale last"]


def test_who_asks_to_do_it_here_does_it_at_once_and_queues_nothing(house, redis, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 15.0)
    with house.scope("box_office"):
        run_id = begun(house, here=True)
        assert carry_on_elsewhere(house, run_id) is None
        assert wait_for(run_id, 20) == Done({"counted": 1, "last": None})
    assert redis.keys("rq:job:*") == []
    with house.scope():
        row = db.session.scalars(select(OutboxRow).where(OutboxRow.subject_id == run_id)).one()
        assert (row.attempts, row.enqueued_at, row.done_at is not None) == (1, None, True)


def carry_on_elsewhere(house, run_id):
    """What another process finds: it keeps nothing, and the row is claimed."""
    with scope(house.organization_id, house.actor()):
        return take_about(run_id)


def test_what_its_process_left_behind_is_swept(house, work, later):
    """Killed between the commit and the work: the lease runs out, the sweeper sends it."""
    with house.scope():
        run_id = begun(house, here=True)
    assert kept(run_id) is not None
    sweep_once()
    work()
    with house.scope():
        assert fresh_venues() == []
    later(LEASE.total_seconds() + 1)
    sweep_once()
    work()
    with house.scope():
        assert fresh_venues() == ["sale 1", "sale last"]


def test_what_was_rolled_back_is_nobodys_to_do(house):
    with house.scope():
        run_id = start(take, Take("no sale", 0), key="1", here=True)
        rollback()
    assert kept(run_id) is None


def test_a_run_that_goes_outside_is_sent_whoever_asks(house, redis):
    with house.scope():
        run_id = start(buy, Buy("card", ["good"]), key="1", here=True)
        commit()
    assert kept(run_id) is None
    assert len(redis.keys("rq:job:*")) == 1


def test_without_redis_nobody_waits_for_a_worker(house, app, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 60.0)
    monkeypatch.setitem(app.extensions, "voelgoed.broker", Broker("redis://127.0.0.1:1/0"))
    with house.scope():
        assert isinstance(wait_for(begun(house), 20), Done)
        assert broker().away


def test_a_run_that_goes_outside_is_left_to_its_worker(house, redis, tmp_path):
    bank = at(tmp_path / "bank.sqlite")
    with house.scope():
        run_id = start(buy, Buy("card", ["good"]), key="1")
        commit()
        assert wait_for(run_id, 0.5) is None
    assert bank.deeds("asked") == {}


def test_who_waits_commits_first(house):
    with house.scope():
        run_id = start(take, Take("open", 0), key="1", send=False)
        with pytest.raises(OpenTransaction, match="gives back the connection"):
            wait_for(run_id)


def test_an_outsider_waits_in_vain(personas):
    with personas.home.scope():
        run_id = begun(personas.home)
        carry_on(run_id)
    with personas.abroad.scope(), pytest.raises(NotFound):
        wait_for(run_id, 20)


@dataclass
class Till:
    run_id: object
    outcome: object = None


def test_twenty_tills_wait_on_ten_connections(house, app, monkeypatch):
    """All wait at once, more than the pool has; the worker still finds a connection."""
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 60.0)
    actor = house.actor()
    with house.scope():
        tills = [Till(begun(house, f"till {number}")) for number in range(20)]
    all_wait = Barrier(21)

    def wait(till):
        with app.app_context(), scope(house.organization_id, actor):
            all_wait.wait()
            till.outcome = wait_for(till.run_id, 30)

    threads = [Thread(target=wait, args=(till,)) for till in tills]
    for thread in threads:
        thread.start()
    all_wait.wait()
    with house.scope():
        for till in tills:
            carry_on(till.run_id)
    for thread in threads:
        thread.join()
    assert [type(till.outcome) for till in tills] == [Done] * 20


def test_while_waiting_no_connection_is_held(house, app, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 60.0)
    held = []

    class Ear:
        def wait(self, seconds):
            held.append(db.engine.pool.checkedout())

        def clear(self):
            pass

    with house.scope():
        run_id = begun(house)
        monkeypatch.setattr(broker(), "ear", lambda _subject: Ear())
        assert wait_for(run_id, 0.05) is None
    assert held
    assert set(held) == {0}
