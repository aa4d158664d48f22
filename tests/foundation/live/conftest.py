"""A real server process, and browsers' sockets."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID, uuid4

import pytest
import socketio
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MASTER_KEY, World
from tests.foundation.live.rooms import KIND, register
from tests.personas import House, Personas
from voelgoed.catalog.venue import Venue
from voelgoed.config import Config
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.embedded import gunicorn_settings

PATIENCE = 60  # seconds after which a test gives up; nothing waits that long


class Browser:
    """One socket, and what it was sent."""

    def __init__(self, address: str, client: FlaskClient | None, reconnection: bool = False) -> None:
        self.pushes: queue.Queue[dict[str, Any]] = queue.Queue()
        self.ended: queue.Queue[str] = queue.Queue()
        self.io = socketio.Client(reconnection=reconnection, request_timeout=PATIENCE)
        self.connected: queue.Queue[bool] = queue.Queue()
        self.io.on("connect", lambda: self.connected.put(True))
        self.io.on("push", self.pushes.put)
        self.io.on("disconnect", self.ended.put)
        cookie = client.get_cookie("voelgoed") if client else None
        headers = {"Cookie": f"voelgoed={cookie.value}"} if cookie else {}
        self.io.connect(address, headers=headers, transports=["websocket"])

    def join(self, venue_id: UUID, slug: str = "home") -> dict[str, Any]:
        """Ask to watch a venue, and return the server's answer."""
        answer: dict[str, Any] = self.io.call("join", {"room": f"{KIND}:{venue_id}", "slug": slug}, timeout=PATIENCE)
        return answer

    def next(self) -> dict[str, Any]:
        """Return the next push."""
        return self.pushes.get(timeout=PATIENCE)


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    """Give the tests of a module one application beside the server's."""
    return world.app


@pytest.fixture(scope="module")
def personas(world: World) -> Personas:
    """Return the people of the module."""
    return world.personas


@contextmanager
def gunicorn(config: Config) -> Iterator[str]:
    """Run gunicorn with these settings; returns its address."""
    register()
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        os.set_inheritable(listening.fileno(), True)
        environment = os.environ | {
            "DATABASE_URL": config.database_url, "DATABASE_REPORT_URL": config.database_report_url,
            "SECRET_KEY": config.secret_key, "REDIS_URL": str(config.redis_url),
            "VOELGOED_KEYS": urlsafe_b64encode(MASTER_KEY).decode(),
        }  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "-c", gunicorn_settings.__file__, "--log-level", "error"]
        command += ["--bind", f"fd://{listening.fileno()}", "tests.foundation.live.served:app"]
        process = subprocess.Popen(
            command, env=environment, pass_fds=(listening.fileno(),), cwd=Path(__file__).parents[3]
        )
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            urlopen(f"{address}/static/icons/ticket.svg", timeout=PATIENCE).close()  # answered once it is up
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[str]:
    """Run a server on the module's database and cache; returns its address."""
    with gunicorn(world.database.config()) as address:
        yield address


@pytest.fixture
def connect(server: str, personas: Personas) -> Iterator[Callable[..., Browser]]:
    """Return a maker of sockets: `connect(role, house)`, or `connect(None)` without a sign-in."""
    made: list[Browser] = []

    def connected(role: str | None = "gate_supervisor", house: House | None = None) -> Browser:
        made.append(Browser(server, personas.client(role, house) if role else None))
        return made[-1]

    yield connected
    for browser in made:
        browser.io.disconnect()


@pytest.fixture
def venue(personas: Personas) -> UUID:
    """Give our house a venue."""
    with personas.home.scope():
        row = Venue(name=f"Emmarentia {uuid4()}")
        db.session.add(row)
        commit()
        return row.id
