"""Whose turn it is to look: one process looks for all, and who asks meanwhile is served by the next look."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from voelgoed.foundation.cache import Breaker, connect
from voelgoed.foundation.live.coalesce import INTERVAL

LONGEST = 5.0  # seconds; a process that died while it looked holds the turn no longer
OWED_FOR = 60  # seconds; a look that nobody made in so long is made at the next change
PATIENCE = 1.0  # seconds; nobody's answer waits for a push, and a busy cache is not away
TURN, OWED = "live:turn:", "live:owed:"
GO, COVERED = 0.0, -1.0  # besides seconds to wait


class Turns:
    """Marks in the cache; while the cache is away every process looks for itself."""

    def __init__(self, url: str, interval: float = INTERVAL) -> None:
        self._cache, self._breaker, self._interval = connect(url, patience=PATIENCE), Breaker(), interval

    def ask(self, room: str) -> None:
        """Say that a room changed: a look is owed that begins after this."""
        self._breaker.call(lambda: self._cache.set(OWED + room, 1, ex=OWED_FOR), None)

    def serve(self, room: str, look: Callable[[], None]) -> None:
        """Make the look that is owed when it is this process's turn; return when another began one."""
        while (wait := self._breaker.call(lambda: self._wait(room), GO)) != GO:
            if wait == COVERED:
                return
            sleep(wait)
        began = monotonic()
        try:
            look()
        finally:
            rest = max(1, round((began + self._interval - monotonic()) * 1000))
            self._breaker.call(lambda: self._cache.pexpire(TURN + room, rest), False)

    def _wait(self, room: str) -> float:
        """Return GO with the turn taken, COVERED when no look is owed any more, else seconds to wait."""
        turn, owed = TURN + room, OWED + room
        if self._cache.set(turn, 1, nx=True, px=round(LONGEST * 1000)):
            if self._cache.getdel(owed) is not None:
                return GO
            self._cache.delete(turn)
            return COVERED
        with self._cache.pipeline(transaction=False) as pipeline:
            pipeline.pttl(turn)
            pipeline.exists(owed)
            left, still = pipeline.execute()
        return min(max(left, 5) / 1000, self._interval or 0.005) if still else COVERED
