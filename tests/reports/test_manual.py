"""Entries by hand: they balance, have a reason, stay out of closed days, and are taken back once."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.checkout.programme import put_on, sell
from tests.conftest import World
from tests.controls import goes_red
from tests.reports.test_trail import words_of
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.ledger import manual
from voelgoed.ledger.balances import balance_of
from voelgoed.ledger.chart import BANK, GATEWAY_FEES
from voelgoed.ledger.entry import JournalEntry
from voelgoed.ledger.period import close_day, last_day_over


def send(client: FlaskClient, *lines: tuple[str, str, str], slug: str = "home", **more: str) -> Any:
    """Send the form with its lines (account, debit, credit)."""
    columns = {name: [line[place] for line in lines] for place, name in enumerate(("account", "debit", "credit"))}
    return client.post(f"/{slug}/ledger/new", data={"reason": "Bank charges of November", **columns, **more})


GOOD = (("5100", "12.50", ""), ("1200", "", "12.50"))


@pytest.fixture
def accountant(world: World) -> FlaskClient:
    """An accountant's browser."""
    return world.personas.client("accountant")


def test_an_entry_by_hand_and_its_mirror(world: World, accountant: FlaskClient) -> None:
    assert "1200 Bank" in words_of(accountant.get("/home/ledger/new").text)
    made = send(accountant, *GOOD)
    assert made.status_code == 303
    page = words_of(accountant.get(made.location).text)
    assert "Bank charges of November" in page
    assert "5100 Gateways' fees R12.50" in page.replace("&#39;", "'")
    reversals = f"{made.location}/reversals"
    assert accountant.post(reversals, data={"reason": ""}).status_code == 422
    for role in ("manager", "auditor", "box_office"):
        assert world.personas.client(role).post(reversals, data={"reason": "Twice"}).status_code == 403
    back = accountant.post(reversals, data={"reason": "Booked twice"})
    assert back.status_code == 303
    assert "This entry was corrected" in accountant.get(made.location).text
    assert accountant.post(reversals, data={"reason": "Again"}).status_code == 409
    with world.personas.home.scope():
        assert balance_of(BANK, "ZAR") == balance_of(GATEWAY_FEES, "ZAR") == 0
        mirror = rows(JournalEntry).filter_by(words="Booked twice").one()
        assert mirror.reverses_id is not None
    assert world.personas.outsider().post(reversals, data={"reason": "Mine"}).status_code == 404
    abroad = reversals.replace("/home/", "/abroad/")
    assert world.personas.outsider().post(abroad, data={"reason": "Mine"}).status_code == 404


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((("5100", "12.50", ""), ("1200", "", "12.40")), "differ by R0.10"),
        ((("5100", "12.50", ""), ("5100", "", "12.50")), "Nothing moves"),
        ((), "Nothing moves"),
        ((("5100", "12.50", "12.50"), ("1200", "", "1")), "an amount on one side"),
        ((("", "12.50", ""), ("1200", "", "12.50")), "has an account"),
        ((("9999", "12.50", ""), ("1200", "", "12.50")), "has an account"),
        ((("5100", "a lot", ""), ("1200", "", "12.50")), "An amount like"),
    ],
)
def test_what_does_not_balance_is_said_at_the_lines(accountant: FlaskClient, lines: Any, words: str) -> None:
    answer = send(accountant, *lines)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_closed_day_or_one_to_come_is_refused_at_the_field(world: World, accountant: FlaskClient) -> None:
    with world.personas.home.scope("accountant"):
        day = close_day(last_day_over()).day
        commit()
    for asked, status, words in ((str(day), 409, "is closed"), ("2031-01-01", 422, "yet to come")):
        answer = send(accountant, *GOOD, day=asked)
        assert (answer.status_code, words in answer.text) == (status, True)
        assert 'value="12.50"' in answer.text
    assert send(accountant, *GOOD, reason="").status_code == 422


def test_only_owner_and_accountant_book_by_hand(world: World) -> None:
    for role in ("manager", "box_office", "auditor", "gate_supervisor"):
        client = world.personas.client(role)
        assert client.get("/home/ledger/new").status_code == 403
        assert send(client, *GOOD).status_code == 403
    assert send(world.personas.outsider(), *GOOD).status_code == 404
    assert send(world.personas.client("owner"), *GOOD).status_code == 303


def test_a_sale_is_not_taken_back_by_hand(world: World, accountant: FlaskClient) -> None:
    with world.personas.home.scope("box_office"):
        sell(put_on())
        sale = rows(JournalEntry).filter_by(kind="sale").one()
    answer = accountant.post(f"/home/ledger/entries/{sale.id}/reversals", data={"reason": "By hand"})
    assert answer.status_code == 409


test_without_it_a_sale_is_taken_back_by_hand = goes_red(
    test_a_sale_is_not_taken_back_by_hand, manual.take_back, "not_by_hand"
)
test_without_it_an_entry_is_taken_back_twice = goes_red(
    test_an_entry_by_hand_and_its_mirror, manual.take_back, "corrected"
)
