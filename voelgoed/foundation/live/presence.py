"""Whether anybody, in any process, watches a room: what nobody sees is not rendered."""

from __future__ import annotations

from collections.abc import Iterable

from voelgoed.foundation.cache import Breaker, connect

LASTS = 12  # seconds; every watch over the sockets says it again
PREFIX = "live:watched:"


class Presence:
    """Marks in the cache; while the cache cannot say, everybody counts as watched."""

    def __init__(self, url: str) -> None:
        self._cache = connect(url)
        self._breaker = Breaker()

    def mark(self, rooms: Iterable[str]) -> None:
        """Say that these rooms are watched here."""
        named = list(rooms)
        if named:
            self._breaker.call(lambda: self._mark(named), None)

    def _mark(self, rooms: list[str]) -> None:
        pipeline = self._cache.pipeline(transaction=False)
        for room in rooms:
            pipeline.set(PREFIX + room, 1, ex=LASTS)
        pipeline.execute()

    def watched(self, room: str) -> bool:
        """Ask whether anybody watches."""
        return self._breaker.call(lambda: bool(self._cache.exists(PREFIX + room)), True)
