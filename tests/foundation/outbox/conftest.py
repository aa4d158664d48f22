"""A house with errands to run, workers as RQ has them, and hands on the clock."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from tests.foundation.outbox import errands
from voelgoed.foundation.outbox import task


@pytest.fixture(autouse=True)
def _errands_are_tasks() -> Iterator[None]:
    task.PACKAGES.add("tests")
    yield
    task.PACKAGES.discard("tests")
    errands.faults.clear()


@pytest.fixture
def house(personas):
    return personas.home


@pytest.fixture
def redis(servers) -> Redis:
    client = Redis.from_url(servers.valkey.url)
    client.flushdb()
    return client


@pytest.fixture
def work(redis) -> Callable[[], None]:
    """Let a worker do all that is queued."""

    def until_empty() -> None:
        queues = [Queue(name, connection=redis, serializer=JSONSerializer) for name in task.QUEUES]
        SimpleWorker(queues, connection=redis, serializer=JSONSerializer).work(burst=True)

    return until_empty


@pytest.fixture
def later(database) -> Callable[..., None]:
    """Let so many seconds pass for all rows that are not done."""

    def pass_by(seconds: float) -> None:
        moved = ", ".join(
            f"{column} = {column} - make_interval(secs => {seconds})"
            for column in ("due_at", "enqueued_at", "claimed_until")
        )
        with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
            connection.execute(f"UPDATE outbox_row SET {moved} WHERE done_at IS NULL")

    return pass_by
