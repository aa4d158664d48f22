"""Connections to the cache that give up soon: it may vanish at any time, and nobody waits for it."""

from __future__ import annotations

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from voelgoed.foundation.cache.breaker import PATIENCE


def connect(url: str, *, patience: float = PATIENCE) -> Redis:
    """Return a client whose every wait ends after `patience` seconds, without a second try."""
    return Redis.from_url(
        url,
        socket_timeout=patience,
        socket_connect_timeout=patience,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )
