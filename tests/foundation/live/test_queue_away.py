"""While the cache is away no socket pretends to be live: it is cut, others get 503, and all come back with it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Flask

from tests.conftest import Database
from voelgoed import create_app
from voelgoed.foundation.live.gateway import Gateway, Joined, Socket
from voelgoed.foundation.live.watch import watch_once

KEY = (uuid4(), "venue", uuid4())


def ask(app: Flask) -> int:
    return app.test_client().get("/socket.io/?EIO=4&transport=polling").status_code


def test_without_a_cache_sockets_are_told_to_come_back_later(database: Database) -> None:
    app = create_app(database.config(redis_url=None))
    assert ask(app) == 503


def test_with_a_cache_they_are_answered(app: Flask) -> None:
    assert ask(app) == 400  # polling is not spoken: only websockets are


def test_sockets_are_cut_when_the_cache_goes(database: Database, monkeypatch: Any) -> None:
    app = create_app(database.config())  # of its own: nobody listens for it, and so nobody hears
    gateway: Gateway = app.extensions["live"]
    dropped: list[str] = []
    monkeypatch.setattr(gateway, "drop", lambda socket: dropped.append(socket.sid))
    gateway.sockets["one"] = Socket("one", {}, rooms={"room": Joined("home", "live.read", KEY)})
    assert gateway.queue is not None
    gateway.queue.listening = True  # and nothing was heard
    watch_once(gateway)
    assert dropped == ["one"]
    assert ask(app) == 503
