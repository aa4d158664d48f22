"""A phone: a Chromium whose camera sees a code, and the real server that it talks to."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import segno
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect
from werkzeug.serving import make_server

from tests.browser import LONG, QUIET
from tests.personas import Personas
from tests.scanning.evening import Evening, put_on
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.pair import make_pairing
from voelgoed.scanning.scan import Scan

BURST = """keys => keys.forEach((key) => {
  const pressed = { key, bubbles: true, cancelable: true };
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", pressed));
})"""

PATIENCE = "localStorage.setItem('scan:patience', {})"
FOREVER = 80_000
"""Milliseconds: on a busy machine the server's answer would come late, and the phone would judge."""


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    """An event that is on."""
    return put_on(app, personas.home)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve the application; a camera needs a secure context, which this machine's own address is."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def film(code: str | None, to: Path) -> Path:
    """Write what the camera sees: a code on white, or nothing, as motion JPEG."""
    drawn = io.BytesIO()
    if code:
        segno.make(code, error="m").save(drawn, kind="png", scale=8, border=4)
    to.write_bytes(held_up(Image.open(drawn) if code else None) * 20)
    return to


def held_up(picture: Image.Image | None) -> bytes:
    """Return a picture as a camera sees it that it is held before, as JPEG."""
    frame = Image.new("RGB", (640, 480), "white")
    if picture:
        frame.paste(picture.convert("RGB").resize((440, 440), Image.Resampling.NEAREST), (100, 20))
    jpeg = io.BytesIO()
    frame.save(jpeg, "JPEG", quality=92)
    return jpeg.getvalue()


@dataclass
class Steward:
    """A page on a phone at the gate, and the house it stands in."""

    page: Page
    evening: Evening
    address: str

    def code(self, gate: str = "South", role: str = "steward") -> str:
        """Make a pairing code, as a supervisor does."""
        with self.evening.house.scope("gate_supervisor"):
            event = rows(Event).get(self.evening.event_id)
            _, code = make_pairing(event, rows(Gate).get(self.evening.gates[gate]), f"phone at {gate}", role)
            commit()
            return code

    def open(self, code: str | None = None, slug: str = "home") -> None:
        """Open the page, with a pairing link or without."""
        self.page.goto(f"{self.address}/{slug}/scan/" + (f"#{code}" if code else ""))

    def start(self, role: str = "steward", gate: str = "South") -> None:
        """Pair by link at a gate and begin."""
        self.open(self.code(gate, role))
        self.page.get_by_role("button", name="Start scanning").click()

    def type(self, serial: str) -> None:
        """Type a serial."""
        self.page.get_by_role("button", name="Type").click()
        self.page.get_by_role("textbox", name="Serial").fill(serial)
        self.page.get_by_role("button", name="Scan it").click()

    def wedge(self, code: str) -> None:
        """Scan with a hardware scanner: its keys come at once, however long this machine is held up between two."""
        self.page.evaluate(BURST, [*code, "Enter"])

    def scans(self) -> list[tuple[str, int]]:
        """Return verdict and sequence of all scans that the server knows."""
        with self.evening.house.scope():
            return [(one.verdict, one.sequence) for one in db.session.query(Scan).order_by(Scan.sequence)]


@pytest.fixture(scope="session")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the film that all cameras of this process see; white at first."""
    return film(None, tmp_path_factory.mktemp("camera") / "seen.mjpeg")


@pytest.fixture(scope="session")
def phones(playwright: Playwright, bare: str, wall: Path) -> Iterator[Browser]:
    """Start one browser with a camera for all phones of this process."""
    fake = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={wall}")  # fmt: skip
    started = playwright.chromium.launch(executable_path=bare, args=[*QUIET, *fake], timeout=LONG)
    yield started
    started.close()


@pytest.fixture
def steward(phones: Browser, wall: Path, evening: Evening, address: str) -> Iterator[Callable[..., Steward]]:
    """Return a maker of phones: `steward(code)` sees that code, `steward()` sees a white wall."""
    contexts = []

    def made(code: str | None = None, width: int = 390, height: int = 780, patience: int = FOREVER) -> Steward:
        film(code, wall.with_suffix(".next")).replace(wall)  # a camera that runs keeps the film that it opened
        context = phones.new_context(viewport={"width": width, "height": height}, permissions=["camera"])
        context.add_init_script(PATIENCE.format(patience))
        contexts.append(context)
        return Steward(context.new_page(), evening, address)

    yield made
    for context in contexts:
        context.close()


@pytest.fixture
def desk(phones: Browser, personas: Personas, address: str) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages on another screen, with a camera, of somebody who has signed in."""
    contexts = []

    def made(path: str, role: str = "gate_supervisor", **options: Any) -> Page:
        cookie = personas.client(role).get_cookie("voelgoed")
        assert cookie is not None
        context = phones.new_context(permissions=["camera"], **options)
        context.add_cookies([{"name": "voelgoed", "value": cookie.value, "url": address}])
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/home/{path}")
        return page

    yield made
    for context in contexts:
        context.close()


def ready(phone: Steward, tickets: int) -> None:
    """Wait until the phone knows so many tickets."""
    expect(phone.page.locator("#camera")).to_have_attribute("data-tickets", str(tickets))


def said(phone: Steward, words: str) -> None:
    """Wait for a verdict, then go on to the next person."""
    expect(phone.page.locator("#verdict-words")).to_have_text(words)
    phone.page.evaluate("document.getElementById('next').click()")
    expect(phone.page.locator("#verdict")).to_be_hidden()
    phone.page.evaluate("document.getElementById('verdict-words').textContent = ''")  # the next may say the same


@contextmanager
def offline(steward: Steward) -> Iterator[None]:
    """Take the phone's network away."""
    steward.page.context.set_offline(True)
    yield
    steward.page.context.set_offline(False)
