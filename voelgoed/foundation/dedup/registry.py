"""Three tiers that say "already used, there and then"; only the third, the truth, may say "not yet"."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from prometheus_client import Counter
from redis import Redis

from voelgoed.foundation.cache import Subscription
from voelgoed.foundation.dedup.declaration import dedup_of
from voelgoed.foundation.dedup.memory import SIZE, Memory
from voelgoed.foundation.dedup.shared import CHANNEL, Shared

Tier = Literal["memory", "cache", "database"]
Value = dict[str, Any]
Truth = Callable[[Sequence[str]], Mapping[str, Value]]

ANSWERS = Counter(
    "voelgoed_dedup_answers_total",
    "Questions whether something is a duplicate, by who answered",
    ["kind", "tier"],
)


@dataclass(frozen=True)
class Answer:
    """Who answered, and what is known of the first use; None: the truth knows of none."""

    tier: Tier
    value: Value | None


class DedupRegistry:
    """The duplicates of one `dedup_checkable` class. Keys are kept as hashes, each organization's apart."""

    def __init__(
        self, cls: type[Any], client: Redis | None = None, news: Subscription | None = None, size: int = SIZE
    ) -> None:
        self.declared = dedup_of(cls)
        news = news or Subscription(None)
        self.memory, self.shared = Memory(news, size), Shared(client, news)
        news.on(CHANNEL, lambda said: self.memory.forget(said.decode().split()))
        news.on_restart(self.shared.settle)

    def look(self, organization_id: UUID, keys: Iterable[str]) -> dict[str, Answer]:
        """Ask the two fast tiers; keys that neither knows are not in the answer."""
        hashed = {key: self._hash(organization_id, key) for key in keys}
        remembered = {key: self.memory.look(own) for key, own in hashed.items()}
        answers = {key: Answer("memory", value) for key, value in remembered.items() if value is not None}
        asked = [own for key, own in hashed.items() if key not in answers]
        shared = self.shared.look(asked)
        answers |= {key: Answer("cache", shared[own]) for key, own in hashed.items() if own in shared}
        for answer in answers.values():
            ANSWERS.labels(self.declared.kind, answer.tier).inc()
        return answers

    def check(self, organization_id: UUID, keys: Sequence[str], truth: Truth) -> dict[str, Answer]:
        """Ask all tiers; `truth` is asked once, for the keys that the fast tiers do not know."""
        answers = self.look(organization_id, keys)
        if asked := [key for key in keys if key not in answers]:
            answers |= self.counted(asked, truth(asked))
        return answers

    def counted(self, asked: Iterable[str], found: Mapping[str, Value]) -> dict[str, Answer]:
        """Count and name what the caller read from the database, where it asks the truth itself."""
        answers = {key: Answer("database", found.get(key)) for key in asked}
        ANSWERS.labels(self.declared.kind, "database").inc(len(answers))
        return answers

    def remember(self, organization_id: UUID, values: Mapping[str, Value], seconds: float | None = None) -> None:
        """Tell the fast tiers, after the commit; `seconds` where the answer holds less than the window."""
        kept = min(seconds or self.declared.window, self.declared.window)
        hashed = {self._hash(organization_id, key): value for key, value in values.items()}
        for own, value in hashed.items():
            self.memory.remember(own, value, kept)
        self.shared.remember({own: (value, kept) for own, value in hashed.items()})

    def forget(self, organization_id: UUID, *keys: str) -> None:
        """Clear both fast tiers here and in all processes: an exit, an undo, an override."""
        hashed = [self._hash(organization_id, key) for key in keys]
        self.memory.forget(hashed)
        self.shared.forget(hashed)

    def _hash(self, organization_id: UUID, key: str) -> str:
        said = f"{organization_id}:{self.declared.kind}:{key}"
        return hashlib.blake2b(said.encode(), digest_size=20).hexdigest()
