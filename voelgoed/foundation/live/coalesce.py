"""At most four looks a second at one thing: the first at once, and never none after the last change."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from threading import Lock, Thread
from time import monotonic, sleep

INTERVAL = 0.25  # seconds between the beginnings of two looks at one thing

log = logging.getLogger(__name__)


class Coalescer:
    """Does the work of a key on a thread of its own (a greenlet under gevent), however often it is asked for."""

    def __init__(self, work: Callable[[Hashable], None], interval: float = INTERVAL) -> None:
        self._work, self._interval = work, interval
        self._asked_again: dict[Hashable, bool] = {}
        self._lock = Lock()

    def ask(self, key: Hashable) -> None:
        """Do the work of `key` at once, or after its interval when it was done just now."""
        with self._lock:
            busy = key in self._asked_again
            self._asked_again[key] = busy
        if not busy:
            Thread(target=self._serve, args=(key,), name="live", daemon=True).start()

    def _serve(self, key: Hashable) -> None:
        more = True
        while more:
            began = monotonic()
            self._attempt(key)
            sleep(max(0.0, began + self._interval - monotonic()))
            more = self._next(key)

    def _attempt(self, key: Hashable) -> None:
        with self._lock:
            self._asked_again[key] = False  # before the work reads: what is asked from now on it may miss
        try:
            self._work(key)
        except Exception:  # a push may be lost: pages refetch
            log.exception("a push failed")

    def _next(self, key: Hashable) -> bool:
        with self._lock:
            if self._asked_again[key]:
                return True
            del self._asked_again[key]
            return False
