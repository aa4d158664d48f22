"""What stands beside a slip: holds with a name, taken up and put back by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.boxoffice.till.test_till import COMPLETE, HOLD, keys, paid
from tests.checkout.programme import Programme, taken
from tests.personas import Personas
from voelgoed.checkout.checkout import Customer
from voelgoed.checkout.discount import Discount
from voelgoed.checkout.named_hold import kept_for
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.ticketing.ticket import Ticket

pytestmark = pytest.mark.journey


def kept(personas: Personas, programme: Programme) -> list[tuple[str, int]]:
    """Return what is kept under names: (name, tickets)."""
    with personas.home.scope():
        return [(one.named.name, one.tickets) for one in kept_for(programme.event)]


def test_a_slip_is_kept_found_changed_and_sold(till: Page, personas: Personas, programme: Programme) -> None:
    keys(till, "1 1 H")
    till.get_by_label("For whom").fill("Naledi Mokoena")
    till.keyboard.press("Enter")
    expect(till.get_by_text("Kept for Naledi Mokoena.")).to_be_visible()
    expect(till.locator("body")).to_have_attribute("data-empty", "yes")
    assert kept(personas, programme) == [("Naledi Mokoena", 2)]

    keys(till, "0")
    till.keyboard.type("nal")
    till.get_by_role("link", name=re.compile("Naledi Mokoena")).click()
    expect(till.locator("#beside")).to_contain_text("Kept for Naledi Mokoena")
    with till.expect_response(HOLD):
        keys(till, "1 Enter")
    keys(till, "Escape")
    expect(till.locator("#beside")).to_contain_text("Kept for Naledi Mokoena")
    assert kept(personas, programme) == [("Naledi Mokoena", 3)]

    till.reload()
    expect(till.locator("#beside")).to_contain_text("Kept for Naledi Mokoena")
    keys(till, "Enter Enter")
    paid(till, "R0.00")
    assert kept(personas, programme) == []
    with personas.home.scope():
        assert taken(programme)["Adult 0"] == 3


def test_another_sale_leaves_a_hold_alone(till: Page, personas: Personas, programme: Programme) -> None:
    keys(till, "2 H")
    till.get_by_label("For whom").fill("Thabo")
    till.keyboard.press("Enter")
    expect(till.locator("body")).to_have_attribute("data-empty", "yes")
    keys(till, "0")
    till.get_by_role("link", name=re.compile("Thabo")).click()
    expect(till.locator("#beside")).to_contain_text("Kept for Thabo")
    till.get_by_role("button", name=re.compile("Leave the hold")).click()
    keys(till, "1 Enter Enter")
    paid(till, "R0.00")
    assert kept(personas, programme) == [("Thabo", 1)]


def test_a_code_lowers_what_is_to_be_paid(till: Page, personas: Personas, programme: Programme) -> None:
    with personas.home.scope("manager"):
        db.session.add(Discount(event_id=programme.event_id, code="SUMMER", kind="percent", percent=10))
        commit()
    keys(till, "1 1 0")
    till.keyboard.type("summer")
    till.get_by_role("button", name=re.compile("Use code SUMMER")).click()
    expect(till.locator("#beside")).to_contain_text("Code SUMMER")
    keys(till, "Enter")
    expect(till.locator("#beside")).to_contain_text("−R70.00")
    expect(till.locator("#due")).to_have_text("R630.00")
    keys(till, "Enter")
    paid(till, "R0.00")
    with personas.home.scope():
        assert rows(Discount).filter_by(event_id=programme.event_id).one().uses == 1


def test_a_customer_is_written_down_and_found_again(till: Page, personas: Personas) -> None:
    for name, again in (("Naledi", "Sell to “Naledi”"), ("Nal", "Sell to Naledi")):
        keys(till, "1 0")
        till.keyboard.type(name)
        till.get_by_role("button", name=re.compile(again)).click()
        expect(till.locator("#beside")).to_contain_text("For Naledi")
        with till.expect_response(COMPLETE) as answered:
            keys(till, "Enter Enter")
        assert answered.value.status == 200
        expect(till.locator("#beside li")).to_have_count(0)
    with personas.home.scope():
        assert [one.name for one in rows(Customer).filter_by(name="Naledi")] == ["Naledi"]
        assert [one.holder for one in rows(Ticket).filter_by(holder="Naledi")] == ["Naledi", "Naledi"]
