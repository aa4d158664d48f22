"""A process that has made the application and holds no connection; its forks die at named points."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask

from voelgoed import create_app, tables
from voelgoed.config import Config
from voelgoed.foundation import points
from voelgoed.foundation.database import db

tables.load()
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload([__name__])

Live = Callable[..., None]
"""A function of a module; called in an application context with what `killed_at` is given."""


class Nursery:
    """Children that live until a point is passed for the nth time, where they are killed as by a power cut."""

    def __init__(self, config: Config, live: Live, *first: Any) -> None:
        """`first`: what one life is lived with beforehand, so that the others find statements compiled."""
        self._pipe, theirs = _server.Pipe()
        self._process = _server.Process(target=_raise, args=(theirs, config, live, first), daemon=True)
        self._process.start()
        self._pipe.recv()

    def killed_at(self, name: str, passing: int, *given: Any) -> bool:
        """Live until the point; False when the child came through alive."""
        self._pipe.send((name, passing, given))
        status = os.waitstatus_to_exitcode(self._pipe.recv())
        assert status in (0, -signal.SIGKILL), "the child failed"
        return status == -signal.SIGKILL

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._process.kill()
        self._process.join()


def _raise(pipe: Connection, config: Config, live: Live, first: tuple[Any, ...]) -> None:
    app = create_app(config)
    with app.app_context():
        if first:
            live(*first)
        db.engine.dispose()
    pipe.send("ready")
    while True:
        life = pipe.recv()
        child = os.fork()
        if child == 0:
            _live(app, live, *life)
            os._exit(0)
        pipe.send(os.waitpid(child, 0)[1])


def _live(app: Flask, live: Live, name: str, passing: int, given: tuple[Any, ...]) -> None:
    with app.app_context(), points.armed(name, points.at_passing(passing, points.kill)):
        live(*given)
