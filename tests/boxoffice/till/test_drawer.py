"""An evening at a drawer in a real browser: paired, opened, sold at, locked, counted, reported, signed off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.boxoffice.till.conftest import Opener, listening_on
from tests.checkout.programme import Programme
from tests.conftest import Peopled, Servers, World, fresh, serving
from tests.journeys.conftest import look
from tests.personas import Personas
from tests.tills.people import day_staff
from voelgoed.boxoffice.close_shift import count_drawer, finish_shift
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.tills.shift import Shift

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def world(servers: Servers, peopled: Peopled) -> Iterator[World]:
    """Give these tests a house of their own: they close its drawers."""
    with fresh(servers, peopled.name) as database, serving(database) as app:
        yield World(database, app, peopled.personas(app))


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """Serve that house."""
    with listening_on(world.database) as served:
        yield served


def pair(manager: Page, browser: Page, address: str) -> None:
    """Add a till, and make the browser that till by its ten characters."""
    manager.goto(f"{address}/home/tills")
    manager.get_by_label("Name").fill("Main gate")
    manager.get_by_label("Letters").fill("M1")
    manager.keyboard.press("Enter")
    row = manager.locator("li", has_text="Main gate")
    row.locator("summary").click()
    row.get_by_role("button", name="Make another browser the till").click()
    code = manager.locator(".said-once").inner_text()
    assert look(manager) == []
    browser.goto(f"{address}/home/till/pair")
    browser.get_by_label("The ten characters").fill(code.lower())
    browser.keyboard.press("Enter")
    browser.wait_for_url("**/till/sign-in")


@pytest.mark.deep
def test_an_evening_at_a_drawer(sign_in: Opener, address: str, personas: Personas, programme: Programme) -> None:
    with personas.home.scope():
        for shift in rows(Shift):
            count_drawer(shift, 0, {})
            finish_shift(shift)
        commit()
    day_staff(personas.home, programme.event_id)
    manager = sign_in("manager")
    context = manager.context.browser.new_context(viewport={"width": 1280, "height": 800})  # type: ignore[union-attr]
    till = context.new_page()
    till.clock.install()
    pair(manager, till, address)
    till.get_by_label("Staff number").fill("701")
    till.get_by_label("PIN").fill("424242")
    assert look(till) == []
    till.keyboard.press("Enter")
    till.wait_for_url("**/events/*/till")

    till.goto(f"{address}/home/shift")
    till.locator("[name=p10000]").fill("2")
    expect(till.locator("[data-sum]")).to_have_text("R200.00")
    assert look(till) == []
    till.keyboard.press("Enter")
    till.wait_for_url("**/events/*/till")

    till.goto(f"{address}/home/events/{programme.event_id}/till")
    for key in ("1", "Enter", "Enter"):
        till.keyboard.press(key)
    expect(till.locator("#last")).to_contain_text("paid", ignore_case=True)
    till.keyboard.press("2")
    expect(till.locator("#lines li")).to_have_count(1)
    till.clock.fast_forward(301_000)
    lock = till.locator("#till-lock")
    expect(lock).to_be_visible()
    assert look(till) == []
    for pin in ("111111", "424242"):
        till.keyboard.type(pin)
        till.keyboard.press("Enter")
        if pin == "111111":
            expect(lock).to_contain_text("That is not the PIN")
    expect(lock).to_be_hidden()
    expect(till.locator("#lines li")).to_have_count(1)  # the slip was kept, and the digits went to the lock alone

    till.goto(f"{address}/home/shift")
    assert look(till) == []
    till.get_by_role("link", name="Count and close").click()
    for name, many in (("p20000", "2"), ("p10000", "1"), ("p2000", "2")):
        till.locator(f"[name={name}]").fill(many)
    till.keyboard.press("Enter")
    expect(till.get_by_role("heading", level=1)).to_contain_text("R10.00 short")
    assert look(till) == []
    till.get_by_role("link", name="Count once more").click()
    for name, many in (("p20000", "2"), ("p10000", "1"), ("p5000", "1")):
        till.locator(f"[name={name}]").fill(many)
    till.keyboard.press("Enter")
    expect(till.get_by_role("heading", level=1).first).to_contain_text("Z-report M1-1")
    assert look(till) == []
    report = till.url
    sizes = {}
    for paper in ("slip", "a4"):
        till.goto(f"{report}?format={paper}")
        till.emulate_media(media="print")
        expect(till.locator(".report")).to_be_visible()
        expect(till.locator(".bar")).to_be_hidden()
        sizes[paper] = till.locator(".report").bounding_box()["width"]  # type: ignore[index]
        till.emulate_media(media="screen")
    assert sizes["slip"] < 290 < sizes["a4"]  # 72 mm of an 80 mm roll are 272 px

    manager.goto(f"{address}/home/drawers")
    assert look(manager) == []
    manager.get_by_role("link", name="M1-1").click()
    manager.get_by_role("button", name="Sign it off").click()
    expect(manager.locator(".head")).to_contain_text("signed off by")
    context.close()


@pytest.mark.deep
def test_each_page_fits_a_phone_in_the_dark(
    sign_in: Opener, address: str, personas: Personas, programme: Programme
) -> None:
    member_id = day_staff(personas.home, programme.event_id, number="702")
    manager = sign_in("manager", width=360, height=740, color_scheme="dark")
    manager.goto(f"{address}/home/card-machines")
    manager.get_by_label("Add a card machine").fill("Yoco 1")
    manager.keyboard.press("Enter")
    expect(manager.locator("b", has_text="Yoco 1")).to_be_visible()
    for path in ("card-machines", "drawers", "tills", "staff/tills", "shift", "till/pair", "till/sign-in"):
        manager.goto(f"{address}/home/{path}")
        assert look(manager) == [], path
    manager.goto(f"{address}/home/staff/tills")
    row = manager.locator("li", has_text="Staff number 702")
    row.get_by_role("button", name="New PIN").click()
    expect(manager.locator(".said-once")).to_have_text(re.compile(r"^\d{6}$"))
    assert look(manager) == [], member_id
