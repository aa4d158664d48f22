"""An accountant's morning: from the journal to a sale and back, an account, a list from the card machine, a file."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Stack, look

pytestmark = [pytest.mark.journey, pytest.mark.slow]

LIST = "kind,reference,amount,fee\ncharge,9001,350.00,8.75\ncharge,9002,120.00,3.00\n"


def test_the_books_are_read_reconciled_and_taken_away(
    stack: Stack, demo: dict[str, Any], enter: Enter, tmp_path: Path
) -> None:
    page = enter("accountant", width=1200)
    books = f"{stack.base}/{demo['slug']}/ledger"
    page.goto(f"{books}?kind=sale")
    page.locator("tbody.entry a").first.click()
    found = {"entry": look(page)}
    page.get_by_role("link", name="Sale", exact=False).last.click()
    page.get_by_role("link", name="Journal", exact=True).first.click()
    expect(page).to_have_url(f"{books}?source={page.url.rpartition('=')[2]}")
    page.goto(f"{books}/balances")
    page.locator("tbody a").first.click()
    expect(page.get_by_text("Carried forward")).to_be_visible()
    found["statement"] = look(page)
    given = tmp_path / "list.csv"
    given.write_text(LIST)
    page.goto(f"{books}/reconcile")
    page.get_by_label("Gateway").select_option("card")
    page.get_by_label("Day").fill("2026-01-05")
    page.get_by_label("File").set_input_files(given)
    page.get_by_role("button", name="Compare it").click()
    expect(page.get_by_text("2 differences to look into")).to_be_visible()
    found["list"] = look(page)
    page.get_by_label("Why, for 9001").fill("A test slip")
    page.get_by_role("button", name="Resolve").first.click()
    expect(page.get_by_text("1 difference to look into")).to_be_visible()
    page.get_by_label("Arrived at the bank").fill("458.25")
    page.get_by_role("button", name="Book it").click()
    page.get_by_role("link", name="as booked").click()
    expect(page.get_by_role("cell", name="R458.25")).to_be_visible()
    page.goto(f"{books}/files")
    found["files"] = look(page)
    page.goto(books)
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    lines = list(csv.DictReader(saved.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert sum(Decimal(one["debit"] or 0) - Decimal(one["credit"] or 0) for one in lines) == 0
    assert "458.25" in {one["debit"] for one in lines}
    assert found == {name: [] for name in found}
