"""The whole stack as a newcomer starts it: `voelgoed up` in a folder of its own, with its demo."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

START_SECONDS = 300.0
AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()


@dataclass(frozen=True)
class Stack:
    """A running `voelgoed up`."""

    base: str
    folder: Path

    def demo(self) -> dict[str, Any]:
        """Return what `voelgoed demo --json` says."""
        return json.loads(self.command("demo", "--json"))  # type: ignore[no-any-return]

    def command(self, *words: str) -> str:
        """Run a command on this folder; returns what it printed."""
        said = subprocess.run(
            [sys.executable, "-m", "voelgoed", *words, "--data", str(self.folder / "data")],
            check=True, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        return said.stdout


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Start everything once for all journeys of this process."""
    folder = tmp_path_factory.mktemp("up")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = folder / "up.log"
    with log.open("w") as out:
        up = subprocess.Popen(
            [sys.executable, "-m", "voelgoed", "up", "--data", str(folder / "data"), "--port", str(port)],
            stdout=out, stderr=out,
        )  # fmt: skip
    began = time.monotonic()
    while "ready: " not in log.read_text():
        assert up.poll() is None, log.read_text()
        assert time.monotonic() - began < START_SECONDS, log.read_text()
        time.sleep(0.05)
    yield Stack(f"http://127.0.0.1:{port}", folder)
    up.send_signal(signal.SIGTERM)
    assert up.wait(timeout=60) == 0


@pytest.fixture(scope="session")
def demo(stack: Stack) -> dict[str, Any]:
    """Describe the demo's first organization."""
    house: dict[str, Any] = stack.demo()["organizations"][0]
    return house


Enter = Callable[..., Page]


@pytest.fixture
def enter(stack: Stack, demo: dict[str, Any], browser: Browser) -> Iterator[Enter]:
    """Return a maker of pages: `enter("box_office", width=390, scheme="dark")` has signed in by the demo's button."""
    opened = []

    def made(role: str, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme,  # type: ignore[arg-type]
        )  # fmt: skip
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))
        who = next(one for one in demo["sign_ins"] if one["role"] == role)
        page.goto(f"{stack.base}/-/sign-in")
        page.fill("#email", who["email"])
        page.fill("#password", who["password"])
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{demo['slug']}/")
        return page

    yield made
    for context in opened:
        context.close()


def look(page: Page) -> list[str]:
    """Return what axe-core finds, and whether the page is wider than its screen."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(
        "axe.run().then(said => said.violations.map(one => one.id + ' ' + one.nodes[0].html.slice(0, 120)))"
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["wider than the screen"] if wide else [])]
