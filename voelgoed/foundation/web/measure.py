"""Figures for Prometheus: how many requests there were, and how long they took."""

from __future__ import annotations

import os
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("voelgoed_requests_total", "Requests by route and answer", ["method", "route", "status"])
SECONDS = Histogram(
    "voelgoed_request_seconds",
    "Time from the request's arrival to its answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10),
)


@cache
def _counters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(route)


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request; its route, never its path, so that no organization is named and the names stay few."""
    requests, times = _counters(method, route, status)
    requests.inc()
    times.observe(seconds)


def figures() -> bytes:
    """Return all figures as Prometheus reads them: of all processes where PROMETHEUS_MULTIPROC_DIR is set."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest()
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)
