"""The worker: what RQ's books are for is in the rows, so it keeps none."""

from threading import get_ident

import pytest
from redis import Connection, Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select

from tests.foundation.outbox.errands import HERE, traces
from voelgoed.cli.performer import Performer
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.outbox.row import OutboxRow


def worker(cls: type[SimpleWorker], redis: Redis, app) -> SimpleWorker:
    made = cls(["maintenance"], connection=redis, serializer=JSONSerializer, default_result_ttl=0)
    made.app = app
    return made


def asked_for(house, *names: str) -> None:
    with house.scope():
        for name in names:
            enqueue("maintenance", f"{HERE}.note", name=name)
        commit()


def commands(patch: pytest.MonkeyPatch, deed) -> int:
    """Count what this thread sends to the cache: others of the process ask it things meanwhile."""
    sent, own, send = [], get_ident(), Connection.send_packed_command

    def counted(connection, command, **more):
        if get_ident() == own:
            sent.append(command)
        return send(connection, command, **more)

    with patch.context() as patched:
        patched.setattr(Connection, "send_packed_command", counted)
        deed()
    return len(sent)


def test_a_job_is_done_and_forgotten(house, app, redis):
    asked_for(house, "one", "two")
    worker(Performer, redis, app).work(burst=True, logging_level="ERROR")
    with house.scope():
        assert traces() == ["one 1", "two 1"]
        assert all(row.done_at for row in db.session.scalars(select(OutboxRow)))
    assert [key for key in redis.keys("rq:*") if b":job:" in key or b"intermediate" in key or b":wip" in key] == []


def test_it_sends_far_fewer_messages_than_a_worker_that_keeps_books(house, app, redis, monkeypatch):
    """The other one is RQ's own, on as many jobs."""
    used = []
    for cls in (Performer, SimpleWorker):
        asked_for(house, *(f"{cls.__name__} {number}" for number in range(5)))
        made = worker(cls, redis, app)
        used.append(commands(monkeypatch, lambda made=made: made.work(burst=True, logging_level="ERROR")))
    assert 0 < used[0] < used[1] * 0.6


def test_what_cannot_even_be_begun_is_forgotten_and_the_next_one_is_done(house, app, redis, caplog):
    """The row is due again; nothing of it is left behind in the cache."""
    queue = Queue("maintenance", connection=redis, serializer=JSONSerializer)
    queue.enqueue("jobs.maintenance.perform", "no id", "no id either")
    asked_for(house, "after it")
    worker(Performer, redis, app).work(burst=True, logging_level="ERROR")
    with house.scope():
        assert traces() == ["after it 1"]
    assert redis.keys("rq:job:*") == []
    assert any(record.exc_info for record in caplog.records)
