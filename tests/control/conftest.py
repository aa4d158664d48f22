"""An evening that is watched, and a browser that watches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.personas import Personas
from tests.scanning.evening import Evening, put_on


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    """An event that is on."""
    return put_on(app, personas.home)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve the application."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def watch(browser: Browser, personas: Personas, address: str) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages: `watch(path, role="gate_supervisor", width=1440, scheme="light")`."""
    opened: list[BrowserContext] = []

    def made(path: str, role: str = "gate_supervisor", width: int = 1440, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        opened.append(context)
        cookie = personas.client(role).get_cookie("voelgoed")
        assert cookie is not None
        context.add_cookies([{"name": "voelgoed", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.goto(address + path)
        return page

    yield made
    for context in opened:
        context.close()
