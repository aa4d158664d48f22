"""The way to the workers: jobs and news through Redis, or not at all, but never a wait."""

from __future__ import annotations

from threading import Event, Lock
from uuid import UUID
from weakref import WeakSet

from flask import Flask, current_app
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from voelgoed.config import jobs_package
from voelgoed.foundation.cache import Breaker, Subscription, connect

PATIENCE = 0.2  # seconds; RQ makes several round trips
FAILED_FOR = 3600  # seconds for which RQ shows a job whose process was killed
CHANNEL = "vg:done"
EXTENSION = "voelgoed.broker"


class Broker:
    """Sends jobs to RQ and tells who waits; False where Redis is away: the sweeper brings it later."""

    def __init__(self, url: str | None) -> None:
        self._client = connect(url, patience=PATIENCE) if url else None
        self._breaker = Breaker()
        self.news = Subscription(url)
        self.news.on(CHANNEL, self._heard)
        self._waiting: dict[str, WeakSet[Event]] = {}
        self._lock = Lock()

    @property
    def away(self) -> bool:
        """Whether there is no Redis, or it failed when last asked."""
        return self._client is None or not self._breaker.closed

    def answers(self) -> bool:
        """Ask Redis for a sign of life."""
        client = self._client
        return client is not None and self._breaker.call(lambda: bool(client.ping()), False)

    def send(self, queue: str, organization_id: UUID, row_id: UUID, attempt: int) -> bool:
        """Put a row's job on its queue: `jobs/<queue>.py` performs it."""
        if self._client is None:
            return False
        return self._breaker.call(lambda: self._enqueue(queue, organization_id, row_id, attempt), False)

    def tell(self, subject_id: UUID) -> None:
        """Wake whoever waits for this, in any process."""
        said = str(subject_id)
        if (client := self._client) is not None:
            self._breaker.call(lambda: client.publish(CHANNEL, said), None)
        self._heard(said.encode())

    def ear(self, subject_id: UUID) -> Event:
        """Return an event that is set when this is told; listening begins with the first ear."""
        self.news.start()
        event = Event()
        with self._lock:
            self._waiting.setdefault(str(subject_id), WeakSet()).add(event)
            for key in [key for key, events in self._waiting.items() if not events]:
                del self._waiting[key]
        return event

    def _heard(self, said: bytes) -> None:
        with self._lock:
            events = list(self._waiting.pop(said.decode(), ()))
        for event in events:
            event.set()

    def _enqueue(self, queue: str, organization_id: UUID, row_id: UUID, attempt: int) -> bool:
        job = Job.create(
            f"{jobs_package()}.{queue}.perform",
            args=[str(organization_id), str(row_id)],
            id=f"{row_id}-{attempt}",
            connection=self._client,
            serializer=JSONSerializer,
            origin=queue,
            timeout=-1,
            result_ttl=0,
            failure_ttl=FAILED_FOR,
        )
        Queue(queue, connection=self._client, serializer=JSONSerializer).enqueue_job(job)
        return True


def broker_of(app: Flask) -> Broker:
    """Return the broker of an application, made at first need from its `REDIS_URL`."""
    if EXTENSION not in app.extensions:
        app.extensions[EXTENSION] = Broker(app.config.get("REDIS_URL"))
    found: Broker = app.extensions[EXTENSION]
    return found


def broker() -> Broker:
    """Return the broker of the current application."""
    return broker_of(current_app._get_current_object())  # type: ignore[attr-defined]
