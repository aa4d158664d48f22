"""One subscription per process: news from the others, and whether they can still be heard."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic, time
from typing import Any

from redis.client import PubSub
from redis.exceptions import RedisError

from voelgoed.foundation.cache.connection import connect

BEAT = 0.5  # seconds between pings
DEAF_AFTER = 1.5  # seconds without any answer after which nothing counts as heard
Hear = Callable[[bytes], None]


class Subscription:
    """Listens to channels on a thread of its own (a greenlet under gevent) and comes back by itself."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._channels: dict[str, list[Hear]] = {}
        self._restarted: list[Callable[[], None]] = []
        self._heard_at: float | None = None
        self._since: float | None = None
        self._stop = Event()
        self._thread: Thread | None = None

    def on(self, channel: str, hear: Hear) -> None:
        """Call `hear` with each message of a channel; joined within a beat when listening has begun."""
        self._channels.setdefault(channel, []).append(hear)

    def on_restart(self, call: Callable[[], None]) -> None:
        """Call this whenever listening begins (again): news may have been missed before."""
        self._restarted.append(call)

    @property
    def alive(self) -> bool:
        """Whether the cache was heard a moment ago."""
        return self._heard_at is not None and monotonic() - self._heard_at < DEAF_AFTER

    @property
    def since(self) -> float:
        """The wall-clock second from which on nothing was missed; infinity while deaf."""
        return self._since if self._since is not None and self.alive else float("inf")

    def start(self) -> None:
        """Begin to listen, once; without an address it stays deaf."""
        if self._url is None or self._thread is not None:
            return
        self._thread = Thread(target=self._listen_forever, name="cache-subscription", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; the thread ends within a beat."""
        self._stop.set()

    def _listen_forever(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(RedisError, OSError):
                self._listen()
            self._heard_at = self._since = None
            self._stop.wait(BEAT)

    def _listen(self) -> None:
        client = connect(str(self._url), patience=DEAF_AFTER)
        with contextlib.closing(client), client.pubsub() as pubsub:  # type: ignore[no-untyped-call]
            joined: set[str] = set()
            while not self._stop.is_set() and self._beat(pubsub, joined):
                pass

    def _beat(self, pubsub: PubSub, joined: set[str]) -> bool:
        """Hear what comes until it is quiet for a beat, then ping; False when no answer comes."""
        if fresh := self._channels.keys() - joined:
            self._since = None  # the news of these was missed so far
            pubsub.subscribe(*fresh)
            joined |= fresh
        message: dict[str, Any] | None = pubsub.get_message(timeout=BEAT)
        if message is None:
            pubsub.ping()
            return self._heard_at is None or self.alive
        self._heard_at = monotonic()
        if message["type"] == "subscribe":
            self._begin()
        elif message["type"] == "message":
            for hear in self._channels[message["channel"].decode()]:
                hear(message["data"])
        return True

    def _begin(self) -> None:
        if self._since is None:
            self._since = time()
            for call in self._restarted:
                call()
