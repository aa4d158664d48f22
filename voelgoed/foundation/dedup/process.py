"""The registries of this process: one per class and application, all on one subscription."""

from __future__ import annotations

from typing import Any

from flask import current_app

from voelgoed.foundation.cache import connect
from voelgoed.foundation.dedup.declaration import dedup_of
from voelgoed.foundation.dedup.registry import DedupRegistry
from voelgoed.foundation.outbox import broker

EXTENSION = "voelgoed.dedup"


def registry(cls: type[Any]) -> DedupRegistry:
    """Return the registry of a `dedup_checkable` class in this process, listening for what others clear.

    Ask for it when it is needed, not when the application is made: threads do not survive a fork.
    """
    known: dict[str, DedupRegistry] = current_app.extensions.setdefault(EXTENSION, {})
    kind = dedup_of(cls).kind
    if kind not in known:
        url, news = current_app.config.get("REDIS_URL"), broker().news
        known[kind] = DedupRegistry(cls, connect(url) if url else None, news)
        news.start()
    return known[kind]
