"""A working evening: a clerk sells, a phone scans, a supervisor watches; nobody touches anything but a browser."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image
from playwright.sync_api import Page, Playwright, StorageState, expect

from tests.browser import LONG, QUIET
from tests.journeys.conftest import Enter, Stack

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def film(code: str, to: Path) -> Path:
    """Write what the camera sees."""
    drawn, jpeg = io.BytesIO(), io.BytesIO()
    segno.make(code, error="m").save(drawn, kind="png", scale=8, border=4)
    frame = Image.new("RGB", (640, 480), "white")
    frame.paste(Image.open(drawn).convert("RGB").resize((440, 440)), (100, 20))
    frame.save(jpeg, "JPEG", quality=92)
    to.write_bytes(jpeg.getvalue() * 20)
    return to


def number(page: Page) -> int:
    """Read the figure on the live page."""
    return int(re.sub(r"\D", "", page.inner_text("#occupancy strong")))


def today(demo: dict[str, Any]) -> str:
    """Return today's event."""
    return str(demo["device_tokens"][0]["event_id"])


def sell_two(page: Page, stack: Stack, demo: dict[str, Any]) -> str:
    """Sell two adults with four keys and return the first one's page."""
    page.goto(f"{stack.base}/{demo['slug']}/till")
    expect(page.locator("[data-type]").first).to_be_visible()
    for key in ("1", "1", "Enter", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("status").filter(has_text="2 tickets")).to_be_visible()
    page.goto(stack.base + str(page.locator("[data-codes]").get_attribute("data-codes")))
    return page.inner_text("figcaption b >> nth=0")


@pytest.fixture
def phone(playwright: Playwright, bare: str, demo: dict[str, Any], tmp_path: Path) -> Iterator[Page]:
    """A phone whose camera sees one of the demo's unused codes."""
    video = film(demo["unused_codes"][0], tmp_path / "seen.mjpeg")
    fake = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={video}")  # fmt: skip
    browser = playwright.chromium.launch(executable_path=bare, args=[*QUIET, *fake], timeout=LONG)
    page = browser.new_context(viewport={"width": 390, "height": 780}, permissions=["camera"]).new_page()
    yield page
    browser.close()


def test_sell_print_scan_and_the_number_moves(stack: Stack, demo: dict[str, Any], enter: Enter, phone: Page) -> None:
    clerk, supervisor = enter("box_office"), enter("gate_supervisor")
    serial = sell_two(clerk, stack, demo)
    clerk.goto(f"{stack.base}/{demo['slug']}/find?q={serial}")
    clerk.get_by_role("link", name=serial).click()
    clerk.get_by_role("link", name="Print", exact=True).click()
    expect(clerk.locator(".paper-ticket svg.qr")).to_be_visible()
    expect(clerk.locator(".paper-ticket")).to_contain_text(serial)

    supervisor.goto(f"{stack.base}/{demo['slug']}/events/{today(demo)}/live")
    expect(supervisor.locator("[data-live-state]")).to_contain_text("live")
    before = number(supervisor)
    watcher = enter("manager")
    watcher.goto(f"{stack.base}/{demo['slug']}/events/{today(demo)}/phones")
    watcher.locator("#name").fill("a journey's phone")
    watcher.get_by_role("button", name="Show its code").click()
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{6}", watcher.inner_text("main"))
    assert code is not None

    phone.add_init_script("localStorage.setItem('scan:patience', 60000)")  # a busy machine's server is late, not away
    phone.goto(f"{stack.base}/{demo['slug']}/scan/#{code.group()}")
    phone.get_by_role("button", name="Start scanning").click()
    expect(phone.locator("#verdict-words")).to_have_text("Welcome")
    expect(supervisor.locator("#occupancy strong")).to_have_text(re.compile(f"^{before + 1}$"))

    phone.locator("#camera").wait_for()
    phone.get_by_role("button", name="Type").click()
    phone.get_by_role("textbox", name="Serial").fill(serial)
    phone.get_by_role("button", name="Scan it").click()
    expect(supervisor.locator("#occupancy strong")).to_have_text(re.compile(f"^{before + 2}$"))
    assert "All hold." in stack.command("check")


def test_sign_in_to_sign_out_by_keyboard_alone(
    stack: Stack, demo: dict[str, Any], enter: Enter, signed_in: dict[str, StorageState]
) -> None:
    page = enter("auditor")
    del signed_in["auditor"]  # it ends here
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the page"
    page.locator("details.menu summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/-/sign-in")
    page.goto(f"{stack.base}/{demo['slug']}/trail")
    assert "/-/sign-in" in page.url


def test_a_role_sees_only_what_it_may(stack: Stack, demo: dict[str, Any], enter: Enter) -> None:
    page = enter("gate_supervisor")
    assert page.locator("nav[aria-label=Main] a", has_text="Till").count() == 0
    answer = page.goto(f"{stack.base}/{demo['slug']}/till")
    assert answer is not None
    assert answer.status == 403
    other = page.goto(f"{stack.base}/bergwind/")
    assert other is not None
    assert other.status == 404


def test_the_demo_says_what_a_program_needs(stack: Stack) -> None:
    said = stack.demo()
    assert [one["slug"] for one in said["organizations"]] == ["maroela", "bergwind"]
    for house in said["organizations"]:
        assert set(house) == {
            "slug", "name", "sign_ins", "api_tokens", "device_tokens", "events", "unused_codes",
        }  # fmt: skip
        assert len(house["unused_codes"]) == 200
        assert all(code.startswith("VG1.") for code in house["unused_codes"])
        assert len(house["events"]) == 3
    assert (stack.folder / "data/demo.json").stat().st_mode & 0o777 == 0o600
