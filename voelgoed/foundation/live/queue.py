"""The message queue between processes, which knows whether it can be heard."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.exceptions import RedisError
from redis.retry import Retry
from socketio import RedisManager  # type: ignore[import-untyped]

BEAT = 1.0  # seconds of silence after which the queue is asked whether it still lives
DEAF_AFTER = 3.0
CHANNEL = "voelgoed.live"
quiet = logging.getLogger("voelgoed.live.queue")


class Queue(RedisManager):  # type: ignore[misc]
    """Carries pushes to the sockets of all processes; comes back within a second of the cache's return."""

    def __init__(self, url: str) -> None:
        # Without limits of its own a read would end every five seconds, and what came meanwhile be lost.
        limits = {"socket_timeout": DEAF_AFTER, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
        super().__init__(url, channel=CHANNEL, logger=quiet, redis_options=limits)
        self._heard_at: float | None = None
        self.listening = False

    @property
    def deaf(self) -> bool:
        """Whether pushes of other processes would be missed now; false before anybody listens."""
        if not self.listening:
            return False
        return self._heard_at is None or monotonic() - self._heard_at > DEAF_AFTER

    def initialize(self) -> None:
        """Begin to listen, at the first socket."""
        self.listening = True
        self._heard_at = monotonic()  # the subscription has as long as any answer
        super().initialize()

    def _redis_listen_with_retries(self) -> Iterator[dict[str, Any]]:
        while True:
            try:
                yield from self._subscribed()
            except (RedisError, OSError):
                self._heard_at = None
                sleep(BEAT)

    def _subscribed(self) -> Iterator[dict[str, Any]]:
        # A connection of its own: publishing makes itself a new one after a failure, and would pull this one away.
        with Redis.from_url(self.redis_url, **self.redis_options) as client, client.pubsub() as pubsub:
            pubsub.subscribe(self.channel)
            self._heard_at = monotonic()  # it let us in: from here on it must answer
            yield from self._hear(pubsub)

    def _hear(self, pubsub: PubSub) -> Iterator[dict[str, Any]]:
        while True:
            message = pubsub.get_message(timeout=BEAT)
            if message is None:
                pubsub.ping()
                if self.deaf:
                    raise OSError("the queue does not answer")
                continue
            self._heard_at = monotonic()
            if message["type"] == "message":
                yield message
