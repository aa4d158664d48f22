"""Of all processes one looks, for all who asked before it began; nobody's last change is left unseen."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from uuid import uuid4

import pytest

from tests.conftest import Servers
from voelgoed.foundation.live.turns import Turns

PATIENCE = 60
PROCESSES = 5


def started(turns: Turns, room: str, look: Callable[[], None]) -> Thread:
    thread = Thread(target=turns.serve, args=(room, look), daemon=True)
    thread.start()
    return thread


@pytest.fixture
def url(servers: Servers) -> str:
    return servers.valkey.url


def test_all_who_ask_during_a_look_share_the_next_one(url: str) -> None:
    room, looks, begun, go_on = str(uuid4()), list[int](), Event(), Event()
    processes = [Turns(url, interval=0) for _ in range(PROCESSES)]

    def first() -> None:
        begun.set()
        go_on.wait(PATIENCE)

    processes[0].ask(room)
    under_way = started(processes[0], room, first)
    assert begun.wait(PATIENCE)
    for _ in range(40):
        for one in processes:
            one.ask(room)
    waiting = [started(one, room, lambda: looks.append(1)) for one in processes[1:]]
    go_on.set()
    for thread in (under_way, *waiting):
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert looks == [1]


def test_a_look_that_fails_gives_the_turn_to_the_next(url: str) -> None:
    room, turns, looked = str(uuid4()), Turns(url, interval=0), Event()

    def fails() -> None:
        raise LookupError("the partial cannot be rendered")

    turns.ask(room)
    with pytest.raises(LookupError):
        turns.serve(room, fails)
    turns.ask(room)
    turns.serve(room, looked.set)
    assert looked.is_set()


def test_what_another_has_looked_at_is_not_looked_at_again(url: str) -> None:
    room, one, other, looked = str(uuid4()), Turns(url, interval=0), Turns(url, interval=0), list[int]()
    one.ask(room)
    other.ask(room)
    one.serve(room, lambda: looked.append(1))
    other.serve(room, lambda: looked.append(2))
    assert looked == [1]


def test_while_the_cache_is_away_each_looks_for_itself() -> None:
    turns, looked = Turns("redis://127.0.0.1:1/0"), list[int]()
    turns.ask("room")
    turns.serve("room", lambda: looked.append(1))
    assert looked == [1]
