"""A breaker: when the cache is slow or away, nobody waits for it again until a moment has passed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import TypeVar

from redis.exceptions import RedisError

R = TypeVar("R")

PATIENCE = 0.05  # seconds that a caller may lose to the cache
PAUSE = 1.0  # seconds for which it is left alone after a failure


class Breaker:
    """Lets calls through while they succeed; after a failure one caller a `PAUSE` tries again."""

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._open_until: float | None = None
        self._lock = Lock()

    @property
    def closed(self) -> bool:
        """Whether the last call succeeded."""
        return self._open_until is None

    def call(self, work: Callable[[], R], otherwise: R) -> R:
        """Do `work`, or answer `otherwise` when the cache failed just now or fails now."""
        if not self._may_try():
            return otherwise
        try:
            answer = work()
        except (RedisError, OSError):
            self.trip()
            return otherwise
        self._open_until = None
        return answer

    def trip(self) -> None:
        """Leave the cache alone for a pause."""
        self._open_until = monotonic() + self._pause

    def _may_try(self) -> bool:
        with self._lock:
            if self._open_until is None:
                return True
            if monotonic() < self._open_until:
                return False
            self.trip()  # the others keep skipping while this one tries
            return True
