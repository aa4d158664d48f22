"""The message queue between processes, which knows whether it can be heard."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

from redis.backoff import NoBackoff
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
                self._redis_connect()
                self.pubsub.subscribe(self.channel)
                yield from self._hear()
            except (RedisError, OSError):
                self._heard_at = None
                sleep(BEAT)

    def _hear(self) -> Iterator[dict[str, Any]]:
        while True:
            message = self.pubsub.get_message(ignore_subscribe_messages=False, timeout=BEAT)
            if message is None:
                self.pubsub.ping()
                if self.deaf:
                    raise OSError("the queue does not answer")
                continue
            self._heard_at = monotonic()
            if message["type"] == "message":
                yield message
