"""Money, as people handle it: a drawer's evening, a bank that asks, a charge nobody knows of, one ticket of four."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Enter, Stack, look, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]
ZAR = (20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10)


def cents(words: str) -> int:
    """Read an amount as pages write it."""
    return int(re.sub(r"\D", "", words))


def till(page: Page, stack: Stack, slug: str) -> None:
    page.goto(f"{stack.base}/{slug}/till")
    expect(page.locator("[data-type]").first).to_be_visible()


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


@pytest.fixture
def theatre(stack: Stack, browser: Browser) -> Iterator[dict[str, Page]]:
    """The other house's clerk and manager: closing that clerk's drawer is in nobody's way."""
    house: dict[str, Any] = stack.demo()["organizations"][1]
    pages = {}
    for role in ("box_office", "manager"):
        pages[role] = page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        who = next(one for one in house["sign_ins"] if one["role"] == role)
        sign_in(page, stack, who["email"], who["password"], house["slug"])
    yield pages
    for page in pages.values():
        page.context.close()


def test_an_evening_of_a_drawer(stack: Stack, theatre: dict[str, Page]) -> None:
    """Cash, a card slip and both; banked; counted blind, counted again, reported, signed off by somebody else."""
    clerk, manager = theatre["box_office"], theatre["manager"]
    till(clerk, stack, "bergwind")
    press(clerk, "1 1 Enter Enter")
    expect(clerk.locator("#last")).to_contain_text("2 tickets")
    press(clerk, "1 + 4 7 1 1 Enter")
    expect(clerk.locator("#last")).to_contain_text("1 ticket")
    press(clerk, "1 1 Enter 2 + 4 7 1 2 Enter")
    expect(clerk.locator("#last")).to_contain_text("2 tickets")
    clerk.goto(f"{stack.base}/bergwind/shift")
    clerk.get_by_label("How much").fill("300")
    clerk.locator("form", has=clerk.get_by_label("How much")).get_by_label("Reason").fill("to the safe")
    clerk.get_by_role("button", name="Write it down").first.click()
    clerk.get_by_role("link", name="X-report").click()
    expect(clerk.get_by_role("main")).not_to_contain_text("Expected")
    clerk.goto(f"{stack.base}/bergwind/shift")
    clerk.get_by_role("link", name="Count and close").click()
    expect(clerk.get_by_role("main")).not_to_contain_text("xpected")
    assert look(clerk) == []
    clerk.fill("[name=p20000]", "1")
    clerk.get_by_role("button", name="This is my count").click()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("short")
    left = cents(clerk.locator("dt:text-is('Expected') + dd").inner_text())
    clerk.get_by_role("link", name="Count once more").click()
    for piece in ZAR:
        clerk.fill(f"[name=p{piece}]", str(left // piece))
        left %= piece
    clerk.get_by_role("button", name="This is my second count").click()
    expect(clerk.get_by_role("main")).to_contain_text("Z-report")
    report = clerk.url
    assert look(clerk) == []
    manager.goto(report)
    manager.get_by_role("button", name=re.compile("[Ss]ign")).click()
    expect(manager.get_by_role("main")).to_contain_text("Lerato Mokoena")
    till(clerk, stack, "bergwind")
    expect(clerk.get_by_text("You have no open shift")).to_be_visible()


def test_a_card_whose_bank_asks(stack: Stack, demo: dict[str, Any], enter: Enter) -> None:
    clerk = enter("box_office")
    till(clerk, stack, demo["slug"])
    press(clerk, "1 /")
    expect(clerk.get_by_role("button", name="whose bank asks")).to_be_visible()
    clerk.get_by_role("button", name="whose bank asks").click()
    link = clerk.get_by_role("link", name="Open the page here")
    expect(link).to_be_visible()
    expect(clerk.get_by_alt_text("Code of the page")).to_be_visible()
    payer = clerk.context.new_page()
    payer.goto(str(link.get_attribute("href")))
    payer.get_by_role("button").first.click()
    payer.wait_for_url(f"{stack.base}/**")
    assert look(payer) == []
    expect(clerk.locator("#doubts")).to_contain_text("is confirmed")


def test_a_charge_nobody_knows_of_is_decided_by_a_person(stack: Stack, demo: dict[str, Any], enter: Enter) -> None:
    clerk, manager = enter("box_office"), enter("manager")
    till(clerk, stack, demo["slug"])
    press(clerk, "2 + 8 8 1 7 /")
    expect(clerk.locator("#doubts")).to_contain_text("waits for a person")
    manager.goto(f"{stack.base}/{demo['slug']}/needs")
    assert look(manager) == []
    mine = manager.locator("article", has_text="8817")
    mine.locator("summary", has_text="The money is there").click()
    mine.get_by_label("Reference that proves it").fill("batch 12, slip 8817")
    mine.locator("form:visible button").first.click()
    expect(manager.locator("article", has_text="8817")).to_have_count(0)
    expect(clerk.locator("#doubts")).to_contain_text("is confirmed")


def test_one_ticket_of_four_is_refunded(stack: Stack, demo: dict[str, Any], enter: Enter) -> None:
    manager = enter("manager")
    till(manager, stack, demo["slug"])
    press(manager, "1 * 4 Enter Enter Enter")
    expect(manager.locator("#last")).to_contain_text("4 tickets")
    receipt = str(manager.get_by_role("link", name="Receipt").get_attribute("href"))
    sale = f"{stack.base}/{demo['slug']}/sales/{receipt.split('/')[-2]}"
    manager.goto(f"{sale}/refund")
    manager.locator("[name=tickets]").first.check()
    manager.get_by_label("Reason").fill("fell ill")
    manager.get_by_role("button", name="Show what goes back").click()
    expect(manager.get_by_role("main")).to_contain_text("R350.00")
    assert look(manager) == []
    manager.get_by_role("button", name=re.compile("give R350.00 back")).click()
    manager.goto(sale)
    expect(manager.get_by_role("main")).to_contain_text("fell ill")
    manager.goto(f"{sale}/refund")
    expect(manager.locator("[name=tickets]")).to_have_count(3)
    assert "All hold." in stack.command("check")
