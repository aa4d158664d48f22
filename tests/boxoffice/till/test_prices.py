"""Prices at the till: fees in the total before the hold, a clerk's discount by a key, approved by somebody's PIN."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.boxoffice.till.test_till import keys, paid
from tests.checkout.programme import Programme
from tests.personas import Personas
from tests.tills.people import give_pin
from voelgoed.checkout.clerk_discount import ClerkDiscount, Lowering
from voelgoed.checkout.discount import take_off
from voelgoed.checkout.fee import Fee
from voelgoed.checkout.levy import levy
from voelgoed.checkout.order import Wanted
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization

pytestmark = pytest.mark.journey

FEES = (("Booking fee", "ticket", "both"), ("Service", "sale", "till"), ("Web", "sale", "api"))
PRICED = """async (cases) => {
  const { priced } = await import("/static/js/till/price.js");
  return cases.map(({lines, types, fees, discount}) => {
    const told = priced(lines, new Map(types.map((type) => [type.id, type])), fees, discount);
    return [told.before, told.off, told.fees.map((one) => one.total_cents), told.vat, told.total];
  });
}"""


@pytest.fixture
def asked(personas: Personas, programme: Programme) -> None:
    """Ask a fee of each ticket, one of each sale and one online; a clerk may take 10 % off, a manager has a PIN."""
    with personas.home.scope("manager"):
        for name, per, channel in FEES:
            db.session.add(Fee(event_id=programme.event_id, name=name, per=per, kind="amount", amount_cents=1150,
                               vat_rate_bp=1500, channel=channel))  # fmt: skip
        rows(Organization).one().box_office_discount_percent = 10
        commit()
    give_pin(personas.home, "manager", "7", "135790")


def lower(page: Page, much: str, reason: str, kind: str = "percent") -> None:
    """Press D and say how much and why."""
    keys(page, "D")
    page.get_by_label("How much").fill(much)
    page.get_by_label("Of what").select_option(kind)
    page.get_by_label("Why").fill(reason)
    page.keyboard.press("Enter")


def test_fees_and_a_discount_are_in_the_price_before_the_hold(
    asked: None, till: Page, personas: Personas, programme: Programme
) -> None:
    beside, due = till.locator("#beside"), till.locator("#due")
    keys(till, "1 1")
    expect(beside).to_contain_text("Booking feeR23.00")
    expect(beside).to_contain_text("ServiceR11.50")
    expect(beside).not_to_contain_text("Web")
    expect(due).to_have_text("R734.50")
    keys(till, "D")
    keys(till, "Escape")
    lower(till, "10", "Neighbour")
    expect(beside).to_contain_text("10 % off: −R70.00 · Neighbour")
    expect(due).to_have_text("R664.50")
    till.reload()
    expect(due).to_have_text("R664.50")
    keys(till, "Enter")
    expect(till.get_by_role("button", name="Take R664.50 cash")).to_be_visible()
    expect(due).to_have_text("R664.50")
    keys(till, "Enter")
    paid(till, "R0.00")
    expect(beside.locator("li")).to_have_count(0)
    with personas.home.scope():
        kept = rows(ClerkDiscount).one()
        assert (kept.percent, kept.off_cents, kept.reason, kept.approved_by) == (10, 7000, "Neighbour", None)
    keys(till, "1")
    expect(due).to_have_text("R373.00")


def test_beyond_the_limit_somebody_approves_on_the_same_till(
    asked: None, till: Page, personas: Personas, programme: Programme
) -> None:
    keys(till, "1")
    lower(till, "350", "Speaker", "amount")
    expect(till.locator("#due")).to_have_text("R0.00")
    keys(till, "Enter")
    approval = till.get_by_role("dialog", name="Somebody must approve this")
    expect(approval).to_contain_text("R350.00 off R350.00. You may take 10 % off by yourself.")
    till.get_by_label("Their staff number").fill("7")
    till.get_by_label("Their PIN").fill("000000")
    till.keyboard.press("Enter")
    expect(approval).to_contain_text("do not fit")
    expect(till.get_by_label("Their PIN")).to_have_value("")
    till.get_by_label("Their staff number").fill("7")
    till.get_by_label("Their PIN").fill("135790")
    till.keyboard.press("Enter")
    paid(till, "R0.00")
    with personas.home.scope():
        kept = rows(ClerkDiscount).filter_by(reason="Speaker").one()
        assert (kept.off_cents, kept.approved_by) == (35000, "manager of home")
    assert "135790" not in till.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")


def test_a_discount_is_put_back_and_means_only_its_own_slip(asked: None, till: Page) -> None:
    keys(till, "1 1")
    lower(till, "10", "Neighbour")
    till.get_by_role("button", name="Sell it without the discount").click()
    expect(till.locator("#due")).to_have_text("R734.50")
    lower(till, "5", "Neighbour")
    keys(till, "Escape 2")
    expect(till.locator("#beside")).not_to_contain_text("Neighbour")
    keys(till, "- D")
    expect(till.locator("#discount")).not_to_be_visible()


def drawn(chance: random.Random) -> dict[str, Any]:
    """Draw a slip, fees and a discount."""
    types = [{"id": str(uuid7()), "price_cents": chance.choice([0, 1, 999, chance.randrange(100_000)]),
              "vat_rate_bp": chance.choice([0, 1500])} for _ in range(chance.randint(1, 4))]  # fmt: skip
    fees = [{"name": f"Fee {number}", "per": chance.choice(["ticket", "sale"]), "percent_bp": chance.randint(1, 10_000),
             "kind": chance.choice(["percent", "amount"]), "amount_cents": chance.randint(1, 5000),
             "vat_rate_bp": chance.choice([0, 1500])} for number in range(chance.randint(0, 3))]  # fmt: skip
    discount = chance.choice([None, {"percent": chance.randint(1, 100)}, {"amount_cents": chance.randint(1, 99_999)}])
    lines = [{"id": one["id"], "quantity": chance.randint(1, 20)} for one in types]
    chance.shuffle(lines)
    return {"types": types, "fees": fees, "lines": lines, "discount": discount}


def reckoned(case: dict[str, Any]) -> list[Any]:
    """Reckon a case as the server does."""
    types = {one["id"]: SimpleNamespace(**one) for one in case["types"]}
    lines: list[Any] = [Wanted(types[one["id"]], one["quantity"]) for one in case["lines"]]
    lines.sort(key=lambda line: line.type.id)
    discount = case["discount"] or {"amount_cents": 0}
    before = sum(line.total_cents for line in lines)
    lowering = Lowering(discount.get("percent"), discount.get("amount_cents"), "", lambda off, of: None)
    sold = take_off(lowering.off(before), lines)
    fees: list[Any] = [SimpleNamespace(**one, channel="both", kept=False) for one in case["fees"]]
    each = [levy([fee], sold, "till") for fee in fees]
    asked = [sum(one.total_cents for one in levied) for levied in each]
    vat = sum(line.vat_cents for line in sold) + sum(one.vat_cents for levied in each for one in levied)
    total = sum(line.total_cents for line in sold) + sum(asked)
    return [before, lowering.off(before), [one for one in asked if one], vat, total]


def test_the_till_reckons_as_the_server_does(asked: None, till: Page) -> None:
    chance = random.Random(20261124)
    cases = [drawn(chance) for _ in range(400)]
    assert till.evaluate(PRICED, cases) == [reckoned(case) for case in cases]
