"""In a real browser: from the first owner's link to an event that can be sold, by keyboard, on a phone's width."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from voelgoed.accounts.founding import new_link

AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()
PASSWORD = "die son sak oor die Karoo"

pytestmark = pytest.mark.journey


@pytest.fixture
def base(app: Flask) -> Iterator[str]:
    """Serve the application on a free port; returns its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def fill(page: Page, **fields: str) -> None:
    """Type into fields by name, then press Enter in the last one."""
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    look(page)
    page.press(f"[name={list(fields)[-1]}]", "Enter")
    page.wait_for_load_state()


def look(page: Page) -> None:
    """Find nothing with axe-core, and nothing wider than the screen."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(result => result.violations.map(one => one.id))")
    assert found == [], (page.url, found)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.deep)])
def test_from_the_link_to_an_event_on_sale(app: Flask, base: str, browser: Browser, scheme: str) -> None:
    link = new_link(app.config["VOELGOED"]).partition("/-/")[2]
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{base}/-/{link}")
    page.wait_for_selector("[name=slug]")
    assert "#" not in page.url
    fill(page, name="Karoo Feeste", slug="karoo", owner="Zoë van Wyk", email="zoe@karoo.test", password=PASSWORD)
    assert page.url == f"{base}/karoo/"
    secret = link.partition("#")[2]
    assert not [url for url in asked if secret in url.partition("#")[0]]
    look(page)
    page.click("text=Begin")
    fill(page, name="Oewerpark")
    page.click("text=First zone")
    fill(page, name="Grounds", capacity="500")
    page.click("text=First gate")
    page.select_option("[name=into_id]", label="Grounds")
    fill(page, name="North")
    look(page)
    page.goto(f"{base}/karoo/")
    page.click("text=Begin")
    fill(page, name="Somernagte", date="2027-03-06")
    page.click("text=First ticket type")
    fill(page, name="Adult", price_cents="350", capacity="501")
    assert "Oewerpark holds 500" in page.inner_text("#capacity-error")
    fill(page, capacity="500")
    assert "R350.00" in page.inner_text("table")
    look(page)
    page.goto(f"{base}/karoo/trail?object=ticket_type")
    assert "Zoë van Wyk" in page.inner_text("table")
    look(page)
    context.close()
