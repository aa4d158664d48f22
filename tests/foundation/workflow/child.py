"""Processes that carry a run until a named point, where they are killed as by a power cut."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from tests.foundation.workflow import bank
from tests.foundation.workflow.deeds import Buy, buy
from voelgoed import create_app, tables
from voelgoed.config import Config
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, scope
from voelgoed.foundation.workflow import carry_on, start

tables.load()
ACTOR = Actor("system", None, "a child of the test")
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload([__name__])

Life = tuple[Buy, str, int]
"""What a child does, and the point at whose nth passing it dies."""


class Nursery:
    """A process that has made the application and holds no connection; its forks are the children."""

    def __init__(self, config: Config, home: UUID, book: Path) -> None:
        self._pipe, theirs = _server.Pipe()
        self._process = _server.Process(target=_raise, args=(theirs, config, home, book))
        self._process.start()
        self._pipe.recv()

    def killed_at(self, inputs: Buy, name: str, passing: int = 1) -> bool:
        """Run until a point is passed for the nth time; False when the child came through alive."""
        self._pipe.send((inputs, name, passing))
        status = os.waitstatus_to_exitcode(self._pipe.recv())
        assert status in (0, -signal.SIGKILL), "the child failed"
        return status == -signal.SIGKILL

    def close(self) -> None:
        """End the process."""
        self._pipe.send(None)
        self._process.join()


def _raise(pipe: Connection, config: Config, home: UUID, book: Path) -> None:
    app = create_app(config)
    bank.at(book)
    with app.app_context(), scope(home, ACTOR):  # once, so that the forks find their statements compiled
        _live((Buy("first", ["good", "broken"]), "nowhere", 1))
        db.engine.dispose()
    pipe.send("ready")
    while (life := pipe.recv()) is not None:
        child = os.fork()
        if child == 0:
            with app.app_context(), scope(home, ACTOR):
                _live(life)
            os._exit(0)
        pipe.send(os.waitpid(child, 0)[1])


def _live(life: Life) -> None:
    inputs, name, passing = life
    with points.armed(name, points.at_passing(passing, points.kill)):
        run_id = start(buy, inputs, key="1", send=False)
        commit()
        carry_on(run_id)
