"""However often something changes, it is looked at four times a second at most, and once after the last change."""

from __future__ import annotations

import queue
from collections.abc import Hashable
from threading import Event

from voelgoed.foundation.live.coalesce import Coalescer

PATIENCE = 60


def test_the_first_look_is_at_once_and_the_last_follows_whatever_came_during_it() -> None:
    begun, go_on = queue.Queue[Hashable](), Event()

    def look(key: Hashable) -> None:
        begun.put(key)
        go_on.wait(PATIENCE)

    coalescer = Coalescer(look, interval=0)
    coalescer.ask("room")
    assert begun.get(timeout=PATIENCE) == "room"
    for _ in range(100):
        coalescer.ask("room")
    coalescer.ask("other")
    assert begun.get(timeout=PATIENCE) == "other"
    go_on.set()
    assert begun.get(timeout=PATIENCE) == "room"
    coalescer.ask("end")
    assert begun.get(timeout=PATIENCE) == "end"
    assert begun.empty()


def test_a_look_that_fails_is_followed_by_the_next() -> None:
    looked = queue.Queue[str]()

    def look(_key: Hashable) -> None:
        looked.put("looked")
        raise LookupError("the partial cannot be rendered")

    coalescer = Coalescer(look, interval=0)
    coalescer.ask("room")
    looked.get(timeout=PATIENCE)
    coalescer.ask("room")
    assert looked.get(timeout=PATIENCE) == "looked"
