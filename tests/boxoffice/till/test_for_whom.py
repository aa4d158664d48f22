"""In a browser: for whom a large invoice is, asked on the paid screen; and a badge that rises by itself."""

import pytest
from playwright.sync_api import expect

from tests.checkout.programme import Sold, put_on
from tests.selling.online import begin, carried
from tests.selling.test_invoice import become_vendor
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.capture import Tender
from voelgoed.selling.invoice import InvoiceRecipient

pytestmark = [pytest.mark.journey]


@pytest.fixture
def dear(personas):
    with personas.home.scope("manager"):
        become_vendor()
        made = put_on(Sold("Box for ten", 600000))
        rollback()
    return made


def test_a_large_sale_asks_for_whom_its_invoice_is_and_the_keys_go_on(sign_in, personas, dear):
    page = sign_in("manager")
    page.goto(f"/home/events/{dear.event_id}/till")
    page.wait_for_selector("#tender button")
    for key in ("1", "Enter", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("For whom is the invoice?").click()
    page.locator(".for-whom #name").fill("Kopano Trust 11")
    page.get_by_role("button", name="Make it out").click()
    expect(page.locator("#address-error")).to_be_hidden()
    page.locator(".for-whom #address").fill("12 Kerk Street")
    expect(page.locator("#lines li")).to_have_count(0)  # what was typed there sold nothing
    page.get_by_role("button", name="Make it out").click()
    expect(page.get_by_text("is made out to")).to_be_visible()
    with personas.home.scope():
        assert [one.name for one in rows(InvoiceRecipient)] == ["Kopano Trust 11"]
        rollback()
    page.keyboard.press("1")
    expect(page.locator("#lines li")).to_have_count(1)


def test_the_badge_rises_on_whatever_page_one_is(sign_in, personas, dear):
    page = sign_in("manager")
    page.goto("/home/venues")
    before = int(page.locator("#needs_badge").text_content() or 0)
    with personas.home.scope("manager"):
        assert carried(begin(dear, Tender("card", 600000, reference="Slip 9", outcome="not_sure"))) is None
    expect(page.locator("#needs_badge")).to_have_text(str(before + 1))
    expect(page.locator("#needs_badge")).to_be_visible()
