"""In a browser: the number changes by push, is right after push was away, and every page suits everybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.looks import SCREENS
from tests.personas import Personas
from tests.scanning.evening import Evening

pytestmark = pytest.mark.journey
Watch = Callable[..., Page]
AXE = Path(__file__).parents[1] / "vendor/axe.min.js"


def test_a_scan_changes_the_number_by_push(evening: Evening, watch: Watch) -> None:
    phone, codes = evening.phone(), [code for _, code in evening.tickets(quantity=2)]
    page, wall = watch(f"/home/events/{evening.event_id}/live"), watch(f"/home/events/{evening.event_id}/wall")
    for one in (page, wall):
        expect(one.locator("[data-live-state=pushed]")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for number, code in enumerate(codes, start=1):
        phone.scan(code)
        expect(page.locator("#occupancy .figure")).to_have_text(str(number))
        expect(wall.locator("#wall strong")).to_have_text(str(number))
    phone.scan(codes[0])
    expect(page.locator("#refusals")).to_contain_text("Just used")
    assert asked == []  # nothing was fetched: it came


def test_while_push_is_away_the_page_asks_and_after_it_is_right(evening: Evening, watch: Watch) -> None:
    phone, codes = evening.phone(), [code for _, code in evening.tickets(quantity=2)]
    page = watch("/home/live")
    page.route("**/socket.io/**", lambda route: route.abort())
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.goto(page.url.replace("/live", f"/events/{evening.event_id}/live"))
    phone.scan(codes[0])
    expect(page.locator("#occupancy .figure")).to_have_text("1")
    expect(page.locator("[data-live-state=polled]")).to_be_visible()
    phone.scan(codes[1])
    expect(page.locator("#occupancy .figure")).to_have_text("2")


def test_a_refusal_is_overridden_by_keyboard_alone(evening: Evening, watch: Watch) -> None:
    code, phone = evening.code(), evening.phone()
    phone.scan(code)
    phone.scan(code)
    page = watch(f"/home/events/{evening.event_id}/live")
    page.locator("#refusals a.decide").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Why is this person let in?").focus()
    page.keyboard.type("The usher knows her")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#refusals")).to_contain_text("let in by override")
    expect(page.locator("#occupancy .figure")).to_have_text("2")


def test_the_focus_stays_where_it_is_when_the_list_is_pushed(evening: Evening, watch: Watch) -> None:
    code, phone = evening.code(), evening.phone()
    phone.scan(code)
    phone.scan(code)
    page = watch(f"/home/events/{evening.event_id}/live")
    expect(page.locator("[data-live-state=pushed]")).to_be_visible()
    page.locator("#refusals a.decide").focus()
    focused = page.evaluate("document.activeElement.id")
    phone.scan(code)
    expect(page.locator("#refusals li")).to_have_count(2)
    assert page.evaluate("document.activeElement.id") == focused


@pytest.mark.deep
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_every_page_fits_and_axe_finds_nothing(
    evening: Evening, personas: Personas, watch: Watch, width: int, scheme: str
) -> None:
    code, phone = evening.code(), evening.phone()
    first = phone.scan(code)["scan_id"]
    second = phone.scan(code)["scan_id"]
    event = f"/home/events/{evening.event_id}"
    page = watch("/home/live", "manager", width, scheme)
    base = page.url.removesuffix("/home/live")
    for path in (f"{event}/live", f"{event}/wall", f"{event}/phones", f"{event}/scans/{first}/undo",
                 f"{event}/scans/{second}/override", "/home/needs", "/home/live"):  # fmt: skip
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], path
    page.goto(f"{base}{event}/phones")
    page.locator("#name").fill("North left")
    page.get_by_role("button", name="Show its code").click()
    expect(page.locator("svg.qr")).to_be_visible()
    page.evaluate(AXE.read_text())
    assert page.evaluate("axe.run()")["violations"] == []
