"""The slip as a function of keys: the real modules, loaded by a real browser."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey

HARNESS = """async () => {
  const { answered, count, fresh, pick, press } = await import("/static/js/till/slip.js");
  const money = await import("/static/js/till/money.js");
  const keys = {1: {id: "adult", on_sale: true}, 2: {id: "child", on_sale: true}, 5: {id: "gone", on_sale: false}};
  /* Press keys on a slip; "?320" is the hold's answer, in rand. */
  const said = ({gateway, amount_cents, reference, outcome}) =>
    [gateway, amount_cents, reference, outcome === "not_sure" ? "not sure" : ""].filter(Boolean).join(" ");
  globalThis.play = (typed, known = {}) => {
    let slip = fresh(), due = null, total = undefined;
    const done = [];
    let paid = null;
    const now = () => ({keys, due, total, ...known});
    const apply = (pressed) => {
      slip = pressed.slip;
      for (const effect of pressed.effects) {
        const with_ = effect.keys?.join("") ?? effect.tendered;
        done.push(with_ === undefined ? effect.do : `${effect.do} ${with_}`);
        if (effect.payments) paid = effect.payments.map(said);
        if (effect.do === "complete") due = null;
        if (effect.do === "replay") for (const key of effect.keys) apply(press(slip, key, now()));
      }
    };
    for (const key of typed.split(" ").filter(Boolean)) {
      if (key.startsWith("?")) { due = total = Number(key.slice(1)) * 100; apply(answered(slip, now())); }
      else if (key.startsWith("@")) slip = pick(slip, key.slice(1));
      else apply(press(slip, key, now()));
    }
    return {...slip, before: undefined, count: count(slip), done, paid};
  };
  globalThis.money = money;
}"""


@pytest.fixture(scope="module")
def slip(browser: Browser, address: str) -> Iterator[Page]:
    """Load the modules once, on a page that needs no sign-in."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/")
    page.evaluate(HARNESS)
    yield page
    context.close()


def play(page: Page, keys: str, **known: object) -> dict[str, Any]:
    """Press keys and return the slip, with what it asked for in `done`."""
    told: dict[str, Any] = page.evaluate("([keys, known]) => play(keys, known)", [keys, known])
    return told


def lines(told: dict[str, Any]) -> dict[str, int]:
    return {line["id"]: line["quantity"] for line in told["lines"]}


@pytest.mark.parametrize(
    ("keys", "done"),
    [
        ("1 1 Enter ?700 Enter", ["hold", "complete 70000"]),
        ("1 1 Enter Enter ?700", ["hold", "complete 70000", "replay "]),
        ("1 1 Enter ?640 7 Enter", ["hold", "complete 70000"]),
        ("1 * 3 0 Enter Enter ?10500 Enter", ["hold", "complete 1050000"]),
        ("1 Enter ?350 3 5 2 . 5 Enter", ["hold", "complete 35250"]),
        ("1 Enter ?350 3 6 0 , 5 0 Enter", ["hold", "complete 36050"]),
        ("1 Enter ?350 1 0 0 Enter Enter", ["hold", "complete 35000"]),
        ("1 Enter ?350 Escape", ["hold", "release"]),
    ],
)
def test_a_sale_is_a_few_keys(slip: Page, keys: str, done: list[str]) -> None:
    told = play(slip, keys)

    assert told["done"] == done
    assert told["mode"] == "slip"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("1 1 2", {"adult": 2, "child": 1}),
        ("1 2 1", {"adult": 2, "child": 1}),
        ("1 2 1 * 4 *", {"adult": 4, "child": 1}),
        ("1 2 * 0 Enter", {"adult": 1}),
        ("1 2 - -", {}),
        ("1 * 3 0 Enter Backspace", {"adult": 1}),
        ("1 1 Backspace Backspace Backspace", {}),
        ("1 * 9 9 9 Enter 1", {"adult": 200}),
        ("1 * 5 Escape", {"adult": 1}),
        ("1 * 1 2 Backspace Enter", {"adult": 1}),
        ("1 x 3 Enter 2", {"adult": 3, "child": 1}),
        ("1 2 @adult * 7 Enter", {"adult": 7, "child": 1}),
        ("5 9 - 0", {}),
    ],
)
def test_keys_write_the_slip(slip: Page, keys: str, expected: dict[str, int]) -> None:
    assert lines(play(slip, keys)) == expected


@pytest.mark.parametrize(
    ("keys", "paid"),
    [
        ("1 1 + ?700 4 7 1 1 Enter", ["card 70000 4711"]),
        ("1 1 + 4 7 1 1 Enter ?700", ["card 70000 4711"]),
        ("1 1 + ?700 /", ["card 70000 no slip not sure"]),
        ("1 1 + ?700 4 7 1 1 - 4 7 1 2 Enter", ["card 70000 4712"]),
        ("1 1 Enter ?700 3 + 4 7 1 1 Enter", ["card 40000 4711", "cash 30000"]),
        ("1 1 + ?700 * 2 5 0 Enter 4 7 1 1 Enter Enter", ["card 25000 4711", "cash 45000"]),
        ("1 1 + ?700 * 2 0 0 * 4 7 1 1 Enter + 4 7 1 2 Enter", ["card 20000 4711", "card 50000 4712"]),
        ("1 1 / ?700 1", ["paystack 70000"]),
        ("1 1 / ?700 Enter", ["paystack 70000"]),
        ("1 1 + ?700 Backspace Enter", ["cash 70000"]),
    ],
)
def test_a_sale_is_paid_in_any_way_and_in_parts(slip: Page, keys: str, paid: list[str]) -> None:
    told = play(slip, keys, ways=[{"gateway": "paystack", "name": "Paystack"}])
    assert told["paid"] == paid
    assert told["mode"] == "slip"


def test_only_the_cash_part_is_rounded(slip: Page) -> None:
    told = play(slip, "1 + ?350.05 * 1 0 0 . 0 1 Enter 4 7 1 1 Enter Enter", step=10)
    assert told["paid"] == ["card 10001 4711", "cash 25004"]
    assert told["done"][-1] == "complete 25000"


def test_a_slip_number_is_needed_and_a_declined_card_takes_nothing(slip: Page) -> None:
    told = play(slip, "1 + ?350 1 2 3 Enter")
    assert (told["mode"], told["paid"]) == ("card", None)
    assert "4 digits" in told["note"]
    told = play(slip, "1 + ?350 4 7 1 1 -")
    assert (told["mode"], told["typed"], told["paid"]) == ("card", "", None)
    assert told["note"].startswith("Declined")


def test_esc_puts_the_slip_aside_and_begins_anew(slip: Page) -> None:
    told = play(slip, "1 2 Escape 2")
    assert (told["done"], lines(told)) == (["aside"], {"child": 1})


def test_enter_on_an_empty_slip_does_nothing(slip: Page) -> None:
    assert play(slip, "Enter Enter")["done"] == []


def test_large_change_is_asked_about_and_any_other_key_takes_the_question_back(slip: Page) -> None:
    assert play(slip, "1 Enter ?350 9 Enter")["asked"] is True
    assert play(slip, "1 Enter ?350 9 Enter Enter")["done"] == ["hold", "complete 90000"]
    assert play(slip, "1 Enter ?350 9 Enter Backspace 5 Enter")["done"] == ["hold", "complete 50000"]
    assert play(slip, "1 Enter ?350 5 4 9 . 9 9 Enter")["done"] == ["hold", "complete 54999"]


def test_a_part_is_kept_until_the_rest_comes(slip: Page) -> None:
    told = play(slip, "1 Enter ?350 2 Enter")

    assert told["taken"] == 20000
    assert told["done"] == ["hold"]


def test_keys_after_an_early_enter_are_the_next_slips(slip: Page) -> None:
    told = play(slip, "1 1 Enter Enter 2 2 ?700")

    assert told["done"] == ["hold", "complete 70000", "replay 22"]
    assert lines(told) == {"child": 2}


def test_a_question_drops_what_was_typed_ahead_of_it(slip: Page) -> None:
    told = play(slip, "1 Enter 9 Enter 2 ?350")

    assert told["asked"] is True
    assert told["done"] == ["hold"]


def test_escape_takes_an_early_enter_back_first(slip: Page) -> None:
    told = play(slip, "1 Enter Enter 2 Escape ?350")

    assert told["mode"] == "cash"
    assert told["done"] == ["hold"]


def test_a_free_sale_completes_as_soon_as_it_is_held(slip: Page) -> None:
    assert play(slip, "1 Enter ?0", free=True)["done"] == ["hold", "complete 0", "replay "]


def test_zero_finds_unless_a_number_is_being_typed(slip: Page) -> None:
    assert play(slip, "0")["done"] == ["find"]
    assert lines(play(slip, "1 * 1 0 Enter")) == {"adult": 10}


@pytest.mark.parametrize(
    ("typed", "cents"), [("7", 70000), ("70", 7000), ("700", 70000), ("7.", 700), ("7.5", 750), (".5", 50), ("", 0)]
)
def test_what_an_amount_means(slip: Page, typed: str, cents: int) -> None:
    assert slip.evaluate("(typed) => money.amount(typed)", typed) == cents


def test_money_is_written_and_reckoned_as_the_server_does(slip: Page) -> None:
    from voelgoed.checkout.price import included_vat
    from voelgoed.foundation.web.words import money

    sums = [0, 5, 1234, 23000, 35000, 1_234_567, 100_000_000]
    assert slip.evaluate("(sums) => sums.map((one) => money.money(one))", sums) == [money(one) for one in sums]
    vats = [included_vat(one, 1500) for one in sums]
    assert slip.evaluate("(sums) => sums.map((one) => money.vatIn(one, 1500))", sums) == vats


def test_likely_sums_are_notes_above_what_is_due(slip: Page) -> None:
    assert slip.evaluate("() => money.likely(32000)") == [35000, 40000]
    assert slip.evaluate("() => money.likely(12340)") == [13000, 14000, 15000, 20000]
    assert slip.evaluate("() => money.likely(0)") == []


def test_likely_sums_of_any_amount(slip: Page) -> None:
    """Each is a full number of one note, more than is due and less than a largest note more; none is missing."""
    dues = [*range(0, 60_000, 10), *(random.Random(1).randrange(10**7) for _ in range(2_000))]
    for due, sums in zip(dues, slip.evaluate("(dues) => dues.map((one) => money.likely(one))", dues), strict=True):
        full = {due // note * note + note for note in (1000, 2000, 5000, 10000, 20000) if due % note}
        assert sums == sorted(full)[:4], due
        assert all(due < one < due + 20_000 for one in sums)
