"""A Valkey of the test's own, to stop and to kill; registries as if in processes of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from voelgoed.foundation.cache import Subscription, connect
from voelgoed.foundation.dedup import DedupRegistry, dedup_checkable
from voelgoed.foundation.embedded.valkey import Valkey


@dedup_checkable(key="code", window=300)
class Punched:
    """Something that is used once."""

    code = "a field"


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Valkey]:
    with Valkey(tmp_path / "valkey") as server:
        yield server


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Wait until something is so, at most a minute."""

    def wait(condition: Callable[[], object]) -> None:
        deadline, tick = monotonic() + 60, Event()
        while not condition():
            assert monotonic() < deadline, "it never came to be so"
            tick.wait(0.01)

    return wait


@pytest.fixture
def process(cache: Valkey, eventually) -> Iterator[Callable[..., DedupRegistry]]:
    """Make a registry with its own memory and subscription, as another process has."""
    listening: list[Subscription] = []

    def start(hears: bool = True, **options: int) -> DedupRegistry:
        news = Subscription(cache.url)
        listening.append(news)
        registry = DedupRegistry(Punched, connect(cache.url, patience=1.0), news, **options)
        if hears:
            news.start()
            eventually(lambda: news.alive)
        return registry

    yield start
    for news in listening:
        news.stop()
