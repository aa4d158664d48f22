"""The whole stack as a newcomer starts it: `voelgoed up` in a folder of its own, with its demo."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.cli.up import Up
from tests.foundation.embedded.living import living

AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()


@dataclass(frozen=True)
class Stack:
    """A running `voelgoed up`."""

    base: str
    folder: Path

    @cache  # noqa: B019 one a session
    def demo(self) -> dict[str, Any]:
        """Return what `voelgoed demo --json` says, asked once."""
        return json.loads(self.command("demo", "--json"))  # type: ignore[no-any-return]

    def command(self, *words: str) -> str:
        """Run a command on this folder; returns what it printed."""
        said = subprocess.run(
            [sys.executable, "-m", "voelgoed", *words, "--data", str(self.folder / "data")],
            check=True, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        return said.stdout


@dataclass(frozen=True)
class Life:
    """What the first start said, and what was left of it when it had ended."""

    port: int
    ready: int
    said: list[str]
    status: int
    left: list[psutil.Process]


@pytest.fixture(scope="session")
def first_life(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Life]:
    """Start `voelgoed up` in an empty folder, which makes the demo, and end it."""
    data = tmp_path_factory.mktemp("up") / "data"
    up = Up(data)
    try:
        for word in ("ready: ", "SIMULATOR", "@"):
            up.until(word)
        with urllib.request.urlopen(f"http://127.0.0.1:{up.port}/readyz", timeout=60) as answer:
            ready = int(answer.status)
        family = up.family()
        status = up.end()
    finally:
        up.process.kill()
    return data, Life(up.port, ready, up.said, status, living(family, 0))


@pytest.fixture(scope="session")
def stack(first_life: tuple[Path, Life]) -> Iterator[Stack]:
    """Start everything again on the demo, once for all journeys; it ends by a kill that nothing may outlive."""
    data, _ = first_life
    up = Up(data)
    up.until("ready: ")
    yield Stack(f"http://127.0.0.1:{up.port}", data.parent)
    family = up.family()
    up.process.kill()
    assert up.process.wait() == -signal.SIGKILL
    assert living(family) == []


@pytest.fixture(scope="session")
def demo(stack: Stack) -> dict[str, Any]:
    """Describe the demo's first organization."""
    house: dict[str, Any] = stack.demo()["organizations"][0]
    return house


Enter = Callable[..., Page]


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """Return the cookies of who has signed in already: role → state of their browser."""
    return {}


@pytest.fixture
def enter(stack: Stack, demo: dict[str, Any], browser: Browser, signed_in: dict[str, StorageState]) -> Iterator[Enter]:
    """Return a maker of pages: `enter("box_office", width=390, scheme="dark")` signed in, on the page of old once."""
    opened = []

    def made(role: str, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme,  # type: ignore[arg-type]
            storage_state=signed_in.get(role),
        )  # fmt: skip
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))
        if role in signed_in:
            page.goto(f"{stack.base}/{demo['slug']}/")
        else:
            who = next(one for one in demo["sign_ins"] if one["role"] == role)
            sign_in(page, stack, who["email"], who["password"], demo["slug"])
            signed_in[role] = context.storage_state()
        return page

    yield made
    for context in opened:
        context.close()


def sign_in(page: Page, stack: Stack, email: str, password: str, slug: str) -> None:
    """Sign in as people do."""
    page.goto(f"{stack.base}/-/sign-in")
    page.fill("#email", email)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{slug}/")


def look(page: Page) -> list[str]:
    """Return what axe-core finds, and whether the page is wider than its screen."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(
        "axe.run().then(said => said.violations.map(one => one.id + ' ' + one.nodes[0].html.slice(0, 120)))"
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *(["wider than the screen"] if wide else [])]
