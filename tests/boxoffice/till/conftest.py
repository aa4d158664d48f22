"""A till in a real browser: one server for all of them, an event of its own for each test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.checkout.programme import Programme, Sold, put_on
from tests.conftest import MASTER_KEY, Database, Peopled, Servers, World, fresh, serving
from tests.personas import Personas
from voelgoed.foundation.embedded import gunicorn_settings

ROOT = Path(__file__).parents[3]
PATIENCE = 60
TYPES = (
    Sold("Adult", 35000, 100),
    Sold("Child under 12", 12000, 100),
    Sold("Family of four", 78000, 24, bodies=4),
    Sold("Golden circle", 95000, 1),
    Sold("Member, free", 0, 100),
    Sold("Programme", 1234, 100),
)
"""Keys 1 to 6 of the till."""

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def world(servers: Servers, peopled: Peopled) -> Iterator[World]:
    """Give all tills of this process one house: each test puts on an event of its own."""
    with fresh(servers, peopled.name) as database, serving(database) as app:
        yield World(database, app, peopled.personas(app))


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    """Give the tests of a module one application beside the server's."""
    return world.app


@pytest.fixture(scope="module")
def personas(world: World) -> Personas:
    """Return the people of the module."""
    return world.personas


@contextmanager
def listening_on(database: Database) -> Iterator[str]:
    """Run gunicorn on a database; gives its address. Without workers its requests carry sales through."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        os.set_inheritable(listening.fileno(), True)
        config = database.config()
        environment = os.environ | {
            "DATABASE_URL": config.database_url, "DATABASE_REPORT_URL": config.database_report_url,
            "SECRET_KEY": config.secret_key, "REDIS_URL": str(config.redis_url),
            "VOELGOED_KEYS": urlsafe_b64encode(MASTER_KEY).decode(),
        }  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "-c", gunicorn_settings.__file__, "--log-level", "error"]
        command += ["--bind", f"fd://{listening.fileno()}", "wsgi:app"]
        process = subprocess.Popen(command, env=environment, pass_fds=(listening.fileno(),), cwd=ROOT)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


@pytest.fixture(scope="session")
def address(world: World) -> Iterator[str]:
    """Serve the house to all tills of this process."""
    with listening_on(world.database) as served:
        yield served


@pytest.fixture
def programme(personas: Personas) -> Programme:
    """Put on an event of our house, with the types of `TYPES`."""
    with personas.home.scope():
        return put_on(*TYPES)


@pytest.fixture
def sign_in(browser: Browser, address: str, personas: Personas) -> Iterator[Opener]:
    """Return a maker of pages: `sign_in(role, width=…, height=…)` has the role's cookie; errors of scripts fail it."""
    contexts = []
    failures: list[str] = []

    def opened(role: str = "box_office", width: int = 1440, height: int = 900, **more: object) -> Page:
        cookie = personas.client(role).get_cookie("voelgoed")
        assert cookie is not None
        viewport = {"width": width, "height": height}
        context = browser.new_context(base_url=address, viewport=viewport, **more)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "voelgoed", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert failures == []


@pytest.fixture
def till(sign_in: Opener, programme: Programme) -> Page:
    """Open the till of the test's event, ready for keys."""
    page = sign_in()
    page.goto(f"/home/events/{programme.event_id}/till")
    page.wait_for_selector("#tender button")
    return page
