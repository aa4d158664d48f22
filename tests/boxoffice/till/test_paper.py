"""The box office's pages and papers: what they say, how large they print, and that axe finds nothing in them."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.boxoffice.till.conftest import Opener
from tests.checkout.programme import Programme, sell
from tests.looks import SCREENS
from tests.personas import Personas
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.foundation.tenancy import rows

pytestmark = pytest.mark.journey
AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text()
INCH = 72  # points
MILLIMETRE = INCH / 25.4
PAGES = (
    "tickets/{ticket}", "tickets/{ticket}/print", "tickets/{ticket}/print?format=a4", "sales/{sale}",
    "checkouts/{sale}/receipt", "checkouts/{sale}/codes", "events/{event}/sales", "events/{event}/till", "find?q=1",
)  # fmt: skip


@pytest.fixture
def told(personas: Personas, programme: Programme) -> dict[str, object]:
    """Sell a ticket; returns the ids that addresses are made of."""
    with personas.home.scope():
        ticket = sell(programme)[0]
        assert ticket.checkout_line_id is not None
        sale = rows(CheckoutLine).get(ticket.checkout_line_id).checkout_id
        return {"ticket": ticket.id, "sale": sale, "event": programme.event_id, "serial": ticket.serial}


def violations(page: Page) -> list[str]:
    """Run axe on a page; returns what it found, with where."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("width", "look"), SCREENS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    sign_in: Opener, told: dict[str, object], look: str, width: int
) -> None:
    page = sign_in("manager", width=width, color_scheme=look, bypass_csp=True)
    for path in PAGES:
        answer = page.goto(f"/home/{path.format(**told)}")
        assert answer is not None
        assert answer.ok, path
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("look", ["light", pytest.param("dark", marks=pytest.mark.deep)])
def test_axe_finds_nothing_in_the_states_of_the_till(sign_in: Opener, programme: Programme, look: str) -> None:
    page = sign_in(color_scheme=look, bypass_csp=True)
    page.goto(f"/home/events/{programme.event_id}/till")
    for keys in ("1 1 2", "* 3", "Enter", "Enter", "9 Enter", "Enter", "q", "Escape 0"):
        for key in keys.split():
            page.keyboard.press(key)
        if keys == "Enter" and page.locator("#last strong").count():
            expect(page.locator("#last strong")).to_be_visible()
        assert violations(page) == [], keys


def _size(page: Page) -> tuple[int, int, int]:
    """Return how many sheets a page prints on, and their size in millimetres."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    width, height = boxes[0]
    return len(boxes), round(float(width) / MILLIMETRE), round(float(height) / MILLIMETRE)


def test_papers_have_their_own_sizes(sign_in: Opener, told: dict[str, object]) -> None:
    page = sign_in()
    page.goto(f"/home/tickets/{told['ticket']}/print")
    assert _size(page) == (1, 80, 190)
    page.goto(f"/home/tickets/{told['ticket']}/print?format=a4")
    assert _size(page) == (1, 210, 297)
    page.goto(f"/home/checkouts/{told['sale']}/receipt")
    assert _size(page) == (1, 80, 190)


def test_a_second_print_says_copy(sign_in: Opener, told: dict[str, object]) -> None:
    page = sign_in()
    page.goto(f"/home/tickets/{told['ticket']}/print")
    expect(page.locator(".copy")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/tickets/{told['ticket']}$"))

    page.goto(f"/home/tickets/{told['ticket']}/print")
    expect(page.locator(".copy")).to_have_text("copy")


def test_a_ticket_is_voided_with_a_reason(sign_in: Opener, told: dict[str, object]) -> None:
    page = sign_in("manager")
    page.goto(f"/home/tickets/{told['ticket']}")
    expect(page.locator(".state")).to_contain_text("Valid")
    page.locator("summary", has_text="Void").click()
    page.locator("#void-reason").fill("bought twice – “dubbel”")
    page.keyboard.press("Enter")

    expect(page.locator(".state")).to_contain_text("Void")
    expect(page.get_by_text("bought twice – “dubbel”").first).to_be_visible()
    expect(page.locator("svg.qr")).to_have_count(0)


def test_a_ticket_is_reissued_with_a_reason(sign_in: Opener, told: dict[str, object]) -> None:
    page = sign_in()
    page.goto(f"/home/tickets/{told['ticket']}")
    before = page.locator("svg.qr").inner_html()
    page.locator("summary", has_text="Reissue").click()
    page.locator("#reissue-reason").fill("lost")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Reissued", exact=True)).to_be_visible()
    assert page.locator("svg.qr").inner_html() != before
    assert urlsplit(page.url).path == f"/home/tickets/{told['ticket']}"


def test_outsiders_find_none_of_it(sign_in: Opener, told: dict[str, object], personas: Personas) -> None:
    outsider = personas.outsider()
    for path in PAGES[:-1]:
        assert outsider.get(f"/abroad/{path.format(**told)}").status_code == 404
    assert b"<table" not in outsider.get(f"/abroad/find?q={told['serial']}").data
    assert b"<table" in personas.client().get(f"/home/find?q={told['serial']}").data
