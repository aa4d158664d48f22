"""The second tier: what all processes remember together, under a millisecond away or skipped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from time import time
from typing import Any, cast

from redis import Redis

from voelgoed.foundation.cache import Breaker, Subscription
from voelgoed.foundation.dedup.memory import BLIND

SET_MISSING = """
for n, key in ipairs(KEYS) do redis.call("SET", key, ARGV[n + 1], "PX", ARGV[1], "NX") end
"""
"""One command for any number of answers."""
CHANNEL = "vg:dedup"
PREFIX = "vg:dedup:"
CLEARED = b"-"
OWED_MOST = 10_000


class Shared:
    """Answers in Redis. What was written before this process could hear of clearings is not believed."""

    def __init__(self, client: Redis | None, news: Subscription) -> None:
        self._client, self._news, self.breaker = client, news, Breaker()
        self._set: Any = client.register_script(SET_MISSING) if client is not None else None
        self._owed: set[str] = set()  # clearings that did not arrive
        self._lock = Lock()

    def look(self, hashes: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return the answers among these hashes; nothing when the cache is slow, away or unheard."""
        if self._client is None or not hashes or not self._news.alive:
            return {}
        nothing: list[bytes | None] = [None] * len(hashes)
        found = self.breaker.call(lambda: self._read(hashes), nothing)
        read = {key: json.loads(raw) for key, raw in zip(hashes, found, strict=True) if raw and raw != CLEARED}
        return {key: kept["value"] for key, kept in read.items() if kept["written"] >= self._news.since}

    def remember(self, values: Mapping[str, tuple[dict[str, Any], float]]) -> None:
        """Write answers with their seconds, never over one that is there: the first use is the answer."""
        if self._client is not None and values:
            self.breaker.call(lambda: self._write(values), None)

    def forget(self, hashes: Iterable[str]) -> None:
        """Clear answers and tell all processes; what cannot be told now is owed, and told first later."""
        with self._lock:
            self._owed.update(hashes)
        self.settle()

    def settle(self) -> None:
        """Send the clearings that are owed, if the cache can be reached."""
        if self._client is not None and self._owed:
            self.breaker.call(self._clear, None)
        with self._lock:
            while len(self._owed) > OWED_MOST:
                self._owed.pop()

    def _read(self, hashes: Sequence[str]) -> list[bytes | None]:
        assert self._client is not None
        self._clear()
        return cast("list[bytes | None]", self._client.mget([PREFIX + one for one in hashes]))

    def _write(self, values: Mapping[str, tuple[dict[str, Any], float]]) -> None:
        self._clear()
        for seconds in {kept for _, kept in values.values()}:
            held = {key: value for key, (value, kept) in values.items() if kept == seconds}
            said = [json.dumps({"written": time(), "value": value}) for value in held.values()]
            self._set([PREFIX + key for key in held], [max(1, round(seconds * 1000)), *said])

    def _clear(self) -> None:
        with self._lock:
            owed = list(self._owed)
        if not owed:
            return
        assert self._client is not None
        with self._client.pipeline(transaction=False) as pipeline:
            for key in owed:
                pipeline.set(PREFIX + key, CLEARED, px=round(BLIND * 1000))
            pipeline.publish(CHANNEL, " ".join(owed))
            pipeline.execute()
        with self._lock:
            self._owed.difference_update(owed)
