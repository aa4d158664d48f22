"""A committed row is worked on in the end, once in effect, in its organization; an uncommitted one never."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select

from tests.foundation.nursery import Nursery
from tests.foundation.outbox.errands import HERE, faults, live, traces
from voelgoed.foundation import points
from voelgoed.foundation.boundary import after_commit, commit, rollback
from voelgoed.foundation.clock import frozen, now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import Broker, LostLease, broker, dispatch, enqueue, sweep, sweep_once, take
from voelgoed.foundation.outbox import claim as claims
from voelgoed.foundation.outbox.prune import prune_once
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.points import Tripped
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import Actor, scope


def asked(house, task="note", **payload):
    """Ask for an errand and commit; returns the row's id."""
    with house.scope():
        row = enqueue("maintenance", f"{HERE}.{task}", **payload)
        commit()
        return row.id


def row(house, row_id):
    with house.scope():
        return db.session.scalars(select(OutboxRow).where(OutboxRow.id == row_id)).one()


def left(house):
    with house.scope():
        return traces()


def test_a_worker_does_what_was_committed(house, work):
    row_id = asked(house, name="print", number=2)
    work()
    assert left(house) == ["print 2"]
    assert row(house, row_id).done_at is not None


def test_the_queue_holds_organization_and_row_and_nothing_else(house, redis):
    row_id = asked(house, name="a secret")
    [job] = Queue("maintenance", connection=redis, serializer=JSONSerializer).jobs
    assert job.id == f"{row_id}-0"
    assert list(job.args) == [str(house.organization_id), str(row_id)]
    assert not job.kwargs
    everything = b"".join(str(redis.hgetall(key)).encode() for key in redis.keys("rq:job:*"))
    assert b"secret" not in everything


def test_what_was_rolled_back_is_never_asked_for(house, redis, work):
    with house.scope():
        enqueue("maintenance", f"{HERE}.note", name="never")
        rollback()
        commit()
    assert redis.keys("rq:job:*") == []
    work()
    assert left(house) == []


def test_ten_runs_of_a_job_have_the_effect_of_one(house, work):
    row_id = asked(house, name="once")
    work()
    assert [dispatch(house.organization_id, row_id) for _ in range(9)] == [False] * 9
    assert left(house) == ["once 1"]


def test_it_acts_as_whoever_asked(house, work):
    with house.scope("box_office"):
        enqueue("maintenance", f"{HERE}.who_acts")
        commit()
    work()
    assert left(house) == ["box_office of home 1"]


def test_an_outsider_cannot_work_on_it(personas):
    row_id = asked(personas.home, name="ours")
    assert dispatch(personas.abroad.organization_id, row_id) is False
    assert left(personas.home) == left(personas.abroad) == []
    assert row(personas.home, row_id).attempts == 0


def test_an_unknown_task_or_wrong_arguments_are_refused_where_they_are_written(house):
    with house.scope():
        with pytest.raises(LookupError, match="no queue"):
            enqueue("nowhere", f"{HERE}.note", name="x")
        with pytest.raises(LookupError, match="no task of ours"):
            enqueue("maintenance", "os.system", command="true")
        with pytest.raises(LookupError, match="there is no task"):
            enqueue("maintenance", f"{HERE}.no_such")
        with pytest.raises(TypeError, match="argument: 'name'"):
            enqueue("maintenance", f"{HERE}.note", names="x")


def test_what_fails_is_due_again_later_and_says_why(house, work, later):
    faults.append(ValueError("the printer is out of paper"))
    row_id = asked(house, name="slip")
    work()
    assert left(house) == []
    waiting = row(house, row_id)
    assert waiting.last_error == "ValueError: the printer is out of paper"
    assert (waiting.attempts, waiting.done_at, waiting.claim) == (1, None, None)
    assert waiting.due_at > waiting.created_at
    later(60)
    assert sweep_once() == 1
    work()
    assert left(house) == ["slip 1"]


def test_a_job_that_redis_lost_is_sent_again(house, redis, work, later):
    asked(house, name="lost")
    redis.flushdb()
    assert sweep_once() == 0
    later(20)
    assert sweep_once() == 1
    assert sweep_once() == 0
    work()
    assert left(house) == ["lost 1"]


def test_control_without_the_row_a_lost_job_is_lost(house, redis, work, later):
    """The probe of the test above: a job that lives only in Redis is not found again."""
    with house.scope():
        organization_id, nobody = house.organization_id, uuid7()
        after_commit(lambda: broker().send("maintenance", organization_id, nobody, 0))
        commit()
    redis.flushdb()
    later(20)
    assert sweep_once() == 0
    work()
    assert left(house) == []


def test_without_redis_asking_works_and_the_sweeper_does_it(house, app, later, monkeypatch):
    monkeypatch.setitem(app.extensions, "voelgoed.broker", Broker("redis://127.0.0.1:1/0"))
    asked(house, name="by the sweeper")
    assert broker().away
    assert sweep_once() == 0
    later(1)
    assert sweep_once() == 1
    assert left(house) == ["by the sweeper 1"]


def test_a_sweeper_leaves_an_organization_without_work_alone(personas, later):
    row_id = asked(personas.home, name="ours")
    later(20)
    sweep_once()
    assert row(personas.home, row_id).enqueued_at is not None
    assert left(personas.abroad) == []


def test_a_job_may_wait_for_its_time(house, redis, work, later):
    with house.scope():
        enqueue("maintenance", f"{HERE}.note", name="parked", due_at=now() + timedelta(minutes=10))
        commit()
    assert redis.keys("rq:job:*") == []
    assert sweep_once() == 0
    later(600)
    assert sweep_once() == 1
    work()
    assert left(house) == ["parked 1"]


def test_a_task_may_commit_in_chunks(house, work):
    row_id = asked(house, "in_chunks", name="batch")
    work()
    assert left(house) == ["first of batch 1", "second of batch 1"]
    assert row(house, row_id).done_at is not None


@pytest.fixture
def worker(database):
    with Nursery(database.config(), live) as made:
        yield made


DEATHS = ["outbox.claimed", "outbox.worked", "boundary.before_commit", "boundary.after_commit"]


@pytest.mark.parametrize(("job", "traces"), [("note", ["{} 1"]), ("in_chunks", ["first of {} 1", "second of {} 1"])])
def test_a_worker_that_died_is_replaced_when_its_lease_has_run_out(house, worker, work, later, job, traces):
    for where in DEATHS:
        row_id = asked(house, job, name=where)
        # The first commit is the claim's.
        killed = worker.killed_at(where, 2 if "boundary" in where else 1, house.organization_id, row_id)
        assert killed or (job, where) == ("in_chunks", "outbox.worked")
        assert dispatch(house.organization_id, row_id) is False
        later(31)
        sweep_once()
        work()
        assert row(house, row_id).done_at is not None
        assert [name for name in left(house) if where in name] == [trace.format(where) for trace in traces]


def test_whoever_lost_the_lease_cannot_finish(house, later):
    row_id = asked(house, name="fenced")
    with house.scope():
        first = take(row_id)
        later(31)
        second = take(row_id)
        assert first.token != second.token
        for lost in (first.finish, first.renew, lambda: first.postpone(1, "why")):
            with pytest.raises(LostLease):
                lost()
            rollback()
        second.finish()
        commit()


def together(app, count, work):
    """Do the same in several threads, each with its own scope."""

    def one(_):
        with app.app_context():
            return work()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_eight_workers_claim_a_row_once(house, app):
    row_id = asked(house, name="raced")
    assert sum(together(app, 8, lambda: dispatch(house.organization_id, row_id))) == 1
    assert left(house) == ["raced 1"]


def claimed_by(house, app, row_id):
    """Claim a row twice at the same time, as two workers that both hold the job; returns how many got it."""

    def hold():
        with scope(house.organization_id, Actor("system", None, "worker")):
            return take(row_id) is not None

    return sum(together(app, 2, hold))


def test_control_without_the_lease_two_workers_hold_one_row(house, app, monkeypatch):
    guarded, unguarded = asked(house, name="guarded"), asked(house, name="unguarded")
    assert claimed_by(house, app, guarded) == 1
    monkeypatch.setattr(claims, "due", lambda: OutboxRow.done_at.is_(None))
    with house.scope():
        assert take(unguarded) is not None
        assert take(unguarded) is not None


def test_a_point_that_raises_before_the_commit_leaves_no_effect(house):
    row_id = asked(house, name="tripped")
    with points.armed("outbox.worked", points.trip):
        assert dispatch(house.organization_id, row_id) is False
    assert left(house) == []
    assert row(house, row_id).last_error == f"{Tripped.__name__}: "


def test_what_is_done_is_thrown_away_after_a_day_and_what_is_due_is_kept(personas, work):
    asked(personas.home, name="done")
    asked(personas.abroad, name="done abroad")
    work()
    with personas.home.scope():
        waiting = enqueue("maintenance", f"{HERE}.note", name="due").id
        commit()
    prune_once()
    with personas.home.scope():
        assert len(db.session.scalars(select(OutboxRow)).all()) == 2
    with frozen(now() + timedelta(days=1, minutes=1)):
        prune_once()
    with personas.home.scope():
        assert db.session.scalars(select(OutboxRow.id)).all() == [waiting]
    with personas.abroad.scope():
        assert db.session.scalars(select(OutboxRow.id)).all() == []


def test_the_sweeper_outlives_a_round_that_fails(app, monkeypatch):
    stop, rounds = threading.Event(), []

    def round_():
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise OSError("the database is away")
        stop.set()
        return 0

    monkeypatch.setattr(sweep, "sweep_once", round_)
    monkeypatch.setattr(sweep, "EVERY", 0.01)
    sweep.sweep_forever(app, stop)
    assert rounds == [0, 1]


def test_a_full_round_of_the_sweeper_goes_on_at_once(app, monkeypatch):
    """Else no more than a hundred rows in five seconds would ever be brought, however many are due."""
    stop, found = threading.Event(), [sweep.AT_ONCE, sweep.AT_ONCE, 1]

    def round_():
        if len(found) == 1:
            stop.set()
        return found.pop(0)

    monkeypatch.setattr(sweep, "sweep_once", round_)
    monkeypatch.setattr(sweep, "EVERY", 3600.0)
    sweep.sweep_forever(app, stop)
    assert found == []


def test_news_wakes_who_waits_in_any_process(servers):
    here, elsewhere = Broker(servers.valkey.url), Broker(servers.valkey.url)
    subject = uuid7()
    woken = elsewhere.ear(subject)
    listening = threading.Event()
    elsewhere.news.on_restart(listening.set)
    if not elsewhere.news.alive:
        assert listening.wait(60)
    here.tell(subject)
    assert woken.wait(60)
    elsewhere.news.stop()
    Redis.from_url(servers.valkey.url).close()
