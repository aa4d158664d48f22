"""The first tier: what this process remembers, for microseconds' worth of work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from time import monotonic, time
from typing import Any

from cachetools import TLRUCache

from voelgoed.foundation.cache import Subscription

BLIND = 5.0  # seconds for which memory answers without news of what others cleared
SIZE = 100_000


@dataclass(frozen=True)
class Kept:
    """A remembered answer; `value` None says that it was cleared just now."""

    value: dict[str, Any] | None
    at: float  # monotonic
    written: float  # wall clock, as the subscription counts
    until: float  # monotonic


class Memory:
    """A bounded map of hashes that trusts itself no longer than its news allows."""

    def __init__(self, news: Subscription, size: int = SIZE, timer: Callable[[], float] = monotonic) -> None:
        self._news, self._timer, self._lock = news, timer, Lock()
        self._kept: TLRUCache[str, Kept] = TLRUCache(size, lambda _key, kept, _now: kept.until, timer)

    def __len__(self) -> int:
        return len(self._kept)

    def look(self, hashed: str) -> dict[str, Any] | None:
        """Return what is remembered under a hash, if it may still answer."""
        with self._lock:
            kept = self._kept.get(hashed)
        if kept is None:
            return None
        heard_all = self._news.alive and kept.written >= self._news.since
        return kept.value if heard_all or self._timer() - kept.at <= BLIND else None

    def remember(self, hashed: str, value: dict[str, Any], seconds: float) -> None:
        """Keep an answer, unless it was cleared a moment ago."""
        with self._lock:
            if hashed not in self._kept or self._kept[hashed].value is not None:
                self._kept[hashed] = self._made(value, seconds)

    def forget(self, hashes: Iterable[str]) -> None:
        """Clear answers, and take none for them until `remember` calls under way have arrived."""
        with self._lock:
            for hashed in hashes:
                self._kept[hashed] = self._made(None, BLIND)

    def _made(self, value: dict[str, Any] | None, seconds: float) -> Kept:
        now = self._timer()
        return Kept(value, now, time(), now + seconds)
