"""A Chromium for the journeys: found, else fetched, else the journeys say what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

LONG = 90_000
"""Milliseconds: a page on a busy machine is late, not wrong."""
expect.set_options(timeout=LONG)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BARE = "chromium-headless-shell"
ADVICE = "no Chromium: install one (Debian: apt-get install chromium) or name it in VOELGOED_CHROMIUM"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


_new_context = Browser.new_context


def _patient(browser: Browser, **options: Any) -> BrowserContext:
    context = _new_context(browser, **options)
    context.set_default_timeout(LONG)
    return context


Browser.new_context = _patient  # type: ignore[method-assign]


def _present(playwright: Playwright) -> str | None:
    named = os.environ.get("VOELGOED_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).exists() else None)


def _fetch(playwright: Playwright) -> str | None:
    """Get Playwright's own, else the distribution's when root on Debian; say so."""
    print("no Chromium here: fetching one for the journeys")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=300)
    if (found := _present(playwright)) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, timeout=300)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, timeout=600)
        found = _present(playwright)
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start Playwright's driver once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> str:
    """Return the path of a Chromium; without one the journey is skipped, under CI it fails."""
    found = _present(playwright) or _fetch(playwright)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(ADVICE)
    if found is None:
        pytest.skip(ADVICE)
    return found


@pytest.fixture(scope="session")
def bare(chromium: str) -> str:
    """Return the path of a bare Chromium where there is one, which costs a third less; else of the whole one."""
    found = shutil.which(BARE) if "VOELGOED_CHROMIUM" not in os.environ else None
    return found or chromium


@pytest.fixture(scope="session")
def browser(playwright: Playwright, bare: str) -> Iterator[Browser]:
    """Start one browser for all pages of this process."""
    started = playwright.chromium.launch(executable_path=bare, args=list(QUIET), timeout=LONG)
    yield started
    started.close()
