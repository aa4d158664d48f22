"""The till in a browser against the real server: few keys, guards, and sales that are never lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.boxoffice.till.conftest import Opener
from tests.checkout.programme import Programme, hold, sell, taken
from tests.personas import Personas
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.tenancy import children
from voelgoed.payments.payment import Payment
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.ticket import Ticket, TicketPrint

pytestmark = pytest.mark.journey
COMPLETE = re.compile(r"/complete$")
HOLD = re.compile(r"/events/[^/]+/checkouts$")


def keys(page: Page, typed: str) -> None:
    """Press keys, one after another, without waiting for anything."""
    for key in typed.split():
        page.keyboard.press(key)


def paid(page: Page, change: str) -> None:
    """Wait until the till says that a sale is paid, with this change."""
    expect(page.locator("#last strong")).to_have_text(change)


@pytest.fixture
def sold(personas: Personas, programme: Programme) -> Callable[[], list[tuple[int, int, int]]]:
    """Return what was sold: (number, total, tendered) of each sale, as the database has it."""

    def listed() -> list[tuple[int, int, int]]:
        with personas.home.scope():
            sales = children(programme.event, Checkout).filter(Checkout.number.is_not(None)).order_by(Checkout.number)
            money = {one.id: [row.tendered_cents or 0 for row in children(one, Payment).all()] for one in sales.all()}
            return [(one.number or 0, one.total_cents, sum(money[one.id])) for one in sales.all()]

    return listed


def test_two_adults_are_four_keys(till: Page, sold: Callable[[], object]) -> None:
    keys(till, "1 1 Enter Enter")

    paid(till, "R0.00")
    assert sold() == [(1, 70000, 70000)]


def test_change_stays_until_the_next_sale_is_paid(till: Page, sold: Callable[[], object]) -> None:
    keys(till, "2 Enter 2 Enter")
    paid(till, "R80.00")

    keys(till, "1 Enter")
    expect(till.locator("#last strong")).to_have_text("R80.00")
    assert till.locator("#last strong").evaluate("(one) => getComputedStyle(one).fontSize") == "64px"
    keys(till, "Enter")
    paid(till, "R0.00")
    assert sold() == [(1, 12000, 20000), (2, 35000, 35000)]


def test_thirty_are_seven_keys(till: Page, sold: Callable[[], object]) -> None:
    keys(till, "2 * 3 0 Enter Enter Enter")

    paid(till, "R0.00")
    assert sold() == [(1, 360000, 360000)]


def test_the_cash_total_is_rounded_down_and_a_free_sale_asks_for_nothing(
    till: Page, sold: Callable[[], object]
) -> None:
    keys(till, "6 Enter")
    expect(till.locator("#due")).to_have_text("R12.30")
    keys(till, "Enter")
    paid(till, "R0.00")

    keys(till, "5 Enter")
    expect(till.locator("#last")).to_contain_text("Sale 2")
    assert sold() == [(1, 1234, 1230), (2, 0, 0)]


def test_keys_typed_while_a_sale_is_saved_go_to_the_next_slip(till: Page, sold: Callable[[], object]) -> None:
    waiting: list[Route] = []
    till.route(COMPLETE, lambda route: waiting.append(route), times=1)
    keys(till, "1 Enter Enter 2 2")
    expect(till.locator("#last")).to_contain_text("Saving the sale of R350.00")
    expect(till.locator("#lines")).to_contain_text("2Child under 12")

    keys(till, "Enter Enter")
    expect(till.locator("#tender")).to_contain_text("being saved")
    waiting[0].continue_()
    expect(till.locator("#last")).to_contain_text("Sale 2")
    assert sold() == [(1, 35000, 35000), (2, 24000, 24000)]


def test_large_change_asks_again(till: Page, sold: Callable[[], object]) -> None:
    keys(till, "2 Enter 9 Enter")
    expect(till.get_by_role("alert")).to_have_text("R780.00 change: is that right?")
    assert sold() == []

    keys(till, "Enter")
    paid(till, "R780.00")


def test_sold_out_says_what_is_left_and_keeps_the_slip(till: Page, personas: Personas, programme: Programme) -> None:
    keys(till, "4")
    expect(till.locator("#lines")).to_contain_text("Golden circle")
    with personas.home.scope():
        hold(programme, name="Golden circle")
    keys(till, "Enter")

    expect(till.locator("#doubts")).to_contain_text("none of Golden circle left")
    expect(till.locator("#lines")).to_contain_text("Golden circle")
    expect(till.locator("#tender")).to_contain_text("Cash")


def test_esc_gives_the_hold_up(till: Page, personas: Personas, programme: Programme) -> None:
    def held() -> int:
        with personas.home.scope():
            return taken(programme)["Adult 0"]

    with till.expect_response(HOLD):
        keys(till, "1 1 Enter")
    assert held() == 2
    with till.expect_response(lambda answer: answer.request.method == "DELETE"):
        keys(till, "Escape")
    assert held() == 0

    keys(till, "1 Enter Enter")
    paid(till, "R0.00")
    assert held() == 3


def test_a_reload_keeps_the_slip_and_replaces_its_hold(till: Page, personas: Personas, programme: Programme) -> None:
    with till.expect_response(HOLD):
        keys(till, "1 1 Enter")
    till.reload()
    expect(till.locator("#lines")).to_contain_text("2Adult")

    keys(till, "Enter Enter")
    paid(till, "R0.00")
    with personas.home.scope():
        assert taken(programme)["Adult 0"] == 2


def test_a_sale_without_an_answer_is_asked_until_it_is_known(till: Page, sold: Callable[[], object]) -> None:
    till.route(COMPLETE, lambda route: route.abort())
    keys(till, "1 Enter Enter")
    doubt = till.locator("#doubts .stop")
    expect(doubt).to_contain_text("is not confirmed")
    expect(doubt).to_contain_text("Keep the money aside, do not sell it again")

    till.reload()
    expect(doubt).to_contain_text("The sale of R350.00")
    keys(till, "2")
    expect(till.locator("#lines")).to_contain_text("Child under 12")
    till.unroute(COMPLETE)
    expect(till.locator("#doubts .go")).to_contain_text("Sale 1, R350.00")
    assert sold() == [(1, 35000, 35000)]
    till.get_by_role("button", name="Seen").click()
    expect(till.locator("#doubts")).to_be_empty()


def test_an_answer_that_was_lost_sells_once(till: Page, sold: Callable[[], object]) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    till.route(COMPLETE, lose, times=1)
    keys(till, "1 1 Enter Enter")

    expect(till.locator("#doubts .go")).to_contain_text("Sale 1, R700.00")
    assert sold() == [(1, 70000, 70000)]


def test_a_hold_without_an_answer_is_asked_again_by_its_key(
    till: Page, personas: Personas, programme: Programme
) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    till.route(HOLD, lose, times=1)
    keys(till, "1 Enter")
    expect(till.locator("#doubts")).to_contain_text("the slip is kept")

    keys(till, "Enter Enter")
    paid(till, "R0.00")
    with personas.home.scope():
        assert taken(programme)["Adult 0"] == 1


def test_a_scanner_opens_the_ticket_and_sells_nothing(
    till: Page, personas: Personas, programme: Programme, sold: Callable[[], list[object]]
) -> None:
    with personas.home.scope():
        ticket = sell(programme)[0]
        serial, code = ticket.serial, code_of(ticket)
    before = len(sold())
    till.evaluate(
        """(code) => { for (const key of [...code, "Enter"]) dispatchEvent(new KeyboardEvent("keydown", {key})); }""",
        code,
    )

    till.wait_for_url(re.compile("/tickets/"))
    expect(till.get_by_role("heading", level=1)).to_have_text(serial)
    assert code not in till.url
    till.go_back()
    expect(till.locator("#nothing")).to_be_visible()
    assert len(sold()) == before


def test_held_keys_count_once(till: Page) -> None:
    till.keyboard.down("1")
    till.keyboard.down("1")
    till.keyboard.down("1")
    till.keyboard.up("1")

    expect(till.locator("#lines .count")).to_have_text("1")


def test_find_stands_over_the_till_and_finds_by_serial(till: Page, personas: Personas, programme: Programme) -> None:
    with personas.home.scope():
        serial = sell(programme)[0].serial
    keys(till, "1 0")
    till.keyboard.type(serial)
    expect(till.locator("#find")).to_contain_text("Adult")
    keys(till, "Escape 1")
    expect(till.locator("#lines")).to_contain_text("2Adult")

    keys(till, "0")
    till.keyboard.type("child")
    till.get_by_role("button", name="Add one Child under 12").click()
    expect(till.locator("#lines")).to_contain_text("1Child under 12")


def test_p_prints_and_q_shows_codes_without_leaving_the_till(
    till: Page, personas: Personas, programme: Programme
) -> None:
    till.evaluate(
        "globalThis.print = () => { globalThis.printed = document.querySelectorAll('#paper svg.qr').length; }"
    )
    keys(till, "1 1 Enter Enter")
    paid(till, "R0.00")
    with till.expect_response(re.compile(r"/prints$")):
        keys(till, "p")
    assert till.evaluate("printed") == 2
    keys(till, "q")
    expect(till.locator("#codes svg.qr")).to_have_count(2)

    keys(till, "Escape 2")
    expect(till.locator("#lines")).to_contain_text("Child under 12")
    with personas.home.scope():
        printed = [children(one, TicketPrint).count() for one in children(programme.event, Ticket).all()]
    assert printed == [1, 1]


def test_what_is_left_comes_by_itself(till: Page, personas: Personas, programme: Programme) -> None:
    expect(till.locator("[data-live-state]")).to_contain_text("live")
    keys(till, "3")
    with personas.home.scope():
        hold(programme, name="Golden circle")

    row = till.locator("#types button", has_text="Golden circle")
    expect(row).to_contain_text("sold out")
    expect(row).to_be_disabled()
    expect(till.locator("#types button", has_text="Family")).to_have_class("on")


@pytest.mark.parametrize("size", [(1024, 768), (390, 844)])
def test_everything_by_touch(
    sign_in: Opener, programme: Programme, sold: Callable[[], object], size: tuple[int, int]
) -> None:
    page = sign_in(width=size[0], height=size[1], has_touch=True)
    page.goto(f"/home/events/{programme.event_id}/till")
    page.get_by_role("button", name="Adult").tap()
    page.get_by_role("button", name="Adult: change how many").tap()
    page.get_by_role("button", name="3", exact=True).tap()
    page.get_by_role("button", name="That many").tap()
    page.get_by_role("button", name="Cash").tap()
    page.get_by_role("button", name="R1\u2009100.00", exact=True).tap()
    page.get_by_role("button", name="Take R1\u2009100.00 cash").tap()

    paid(page, "R50.00")
    assert sold() == [(1, 105000, 110000)]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_outsider_sees_no_till(sign_in: Opener, programme: Programme, personas: Personas) -> None:
    page = sign_in()
    for path in (f"/abroad/events/{programme.event_id}/till", f"/home/events/{personas.home.organization_id}/till"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404


@pytest.mark.parametrize("size", [(360, 640), (1024, 768), (1440, 900), (3840, 2160)])
def test_what_takes_the_money_is_always_in_sight(sign_in: Opener, programme: Programme, size: tuple[int, int]) -> None:
    page = sign_in(width=size[0], height=size[1])
    page.goto(f"/home/events/{programme.event_id}/till")
    keys(page, "1 2 3")
    expect(page.get_by_role("button", name="Cash")).to_be_in_viewport(ratio=1)

    keys(page, "Enter")
    expect(page.get_by_role("button", name="Take R1\u2009250.00 cash")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Back to the slip")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
