"""Trial balance, statements, VAT and takings: each agrees with the lines, closed days and open ones alike."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.checkout.programme import Sold, put_on, sell
from tests.conftest import World
from tests.ledger.days import noon
from tests.reports.test_trail import words_of
from voelgoed.catalog.event import Event
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.clock import frozen
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.ledger.balances import balances
from voelgoed.ledger.chart import BANK, GATEWAY_FEES, ROUNDING, WRITTEN_OFF, sales_at, vat_at
from voelgoed.ledger.entry import Account, JournalLine
from voelgoed.ledger.period import close_day
from voelgoed.ledger.post import Line, Unbalanced, post
from voelgoed.reports import statement
from voelgoed.reports.journal import Days
from voelgoed.reports.statement import StatementFilter, steps_of
from voelgoed.reports.takings import takings
from voelgoed.reports.taxes import Rate, vat_summary
from voelgoed.reports.trial import sums, trial_balance
from voelgoed.selling.void import void_ticket

HEADINGS = (BANK, GATEWAY_FEES, ROUNDING, WRITTEN_OFF)
PAGES = ("/ledger/balances", "/ledger/vat", "/ledger/takings", "/ledger/days")


def book(cents: int, days: int) -> None:
    """Book cents from written off to the bank, some days ago."""
    lines = [Line(BANK, cents), Line(WRITTEN_OFF, -cents)]
    event = rows(Event).first()
    assert event is not None
    post("manual", event, lines, currency="ZAR", timezone="Africa/Johannesburg", words=f"{cents} cents", at=noon(days))


@pytest.fixture(scope="module")
def books(world: World) -> World:
    """Four days of bookings, the oldest two closed, and a sale of two rates today of which one ticket is void."""
    with world.personas.home.scope("manager"):
        programme = put_on(Sold("Adult", price_cents=23000), Sold("Book", price_cents=9999, vat_rate_bp=0))
        for days in (5, 5, 4, 3, 2):
            book(1000 * days, days)
        for days in (5, 4):
            close_day(noon(days).date())
        ticket = sell(programme, 2, "Adult")[0]
        sell(programme, 1, "Book")
        void_ticket(ticket, "wrong day", limited=False)
        commit()
    return world


def client(books: World, role: str = "accountant") -> FlaskClient:
    return books.personas.client(role)


def csv_of(books: World, path: str) -> list[dict[str, str]]:
    answer = client(books).get(f"/home{path}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def recounted(since: date | None, until: date | None) -> dict[Any, int]:
    """Add the lines up one by one, without totals or indexes."""
    counted: dict[Any, int] = {}
    for line in db.session.scalars(select(JournalLine)):
        if (since or date.min) <= line.trading_day <= (until or date.max):
            counted[line.account_id] = counted.get(line.account_id, 0) + line.amount_cents
    return counted


@pytest.mark.parametrize("since", [None, 6, 5, 4, 3, 0])
@pytest.mark.parametrize("until", [None, 5, 4, 2, 0])
def test_balances_are_the_lines_whatever_is_closed(books: World, since: int | None, until: int | None) -> None:
    first, last = (None if days is None else noon(days).date() for days in (since, until))
    with books.personas.home.scope():
        assert {one.account.id: one.cents for one in balances(first, last)} == recounted(first, last)


def test_the_trial_balance_says_before_moved_and_after(books: World) -> None:
    since, until = noon(4).date(), noon(3).date()
    with books.personas.home.scope():
        bank = next(one for one in trial_balance(Days(since=since, until=until)) if one.code == "1200")
        assert (bank.opening, bank.debit, bank.credit, bank.closing) == (10000, 7000, 0, 17000)
        total = sums(trial_balance(Days()))[0]
        assert total.debit == total.credit
        assert total.closing_debit == total.closing_credit > 0
    page = words_of(client(books).get(f"/home/ledger/balances?since={since}&until={until}").text)
    assert "1200 Bank R100.00 R70.00 R0.00 R170.00" in page
    bank_line = csv_of(books, f"/ledger/balances.csv?since={since}&until={until}")[-2]
    assert (bank_line["opening"], bank_line["debit"], bank_line["closing debit"]) != ("", "", "")


def test_a_statement_runs_from_what_was_before(books: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with books.personas.home.scope():
        bank = rows(Account).filter_by(code="1200").one()
        own = {"since": noon(4).date()}
        assert [one.balance for one in steps_of(bank, StatementFilter(**own), 9)] == [14000, 17000, 19000]
        every = steps_of(bank, StatementFilter(), 9)
        assert [one.balance for one in every] == [5000, 10000, 14000, 17000, 19000]
        key = every[0].line
        rest = steps_of(bank, StatementFilter(day=key.trading_day, after=key.id), 9)
        assert [one.balance for one in rest] == [10000, 14000, 17000, 19000]
    monkeypatch.setattr(statement, "PER_PAGE", 2)
    monkeypatch.setattr(statement, "PER_CHUNK", 2)
    page = client(books).get(f"/home/ledger/accounts/{bank.id}").text
    assert "R100.00" in page
    assert "R140.00" not in page
    assert "after=" in page
    lines = csv_of(books, f"/ledger/accounts/{bank.id}/statement.csv")
    assert [one["balance"] for one in lines] == ["50.00", "100.00", "140.00", "170.00", "190.00"]


def test_the_vat_summary_by_rate_with_credit_notes(books: World) -> None:
    with books.personas.home.scope():
        taxed, free = vat_summary(Days())
    assert (taxed.rate_bp, taxed.charged_vat, taxed.credited_vat, taxed.vat) == (1500, 6000, 3000, 3000)
    assert (taxed.charged_net, taxed.credited_net, taxed.net) == (40000, 20000, 20000)
    assert (free.rate_bp, free.vat, free.net) == (0, 0, 9999)
    page = words_of(client(books).get("/home/ledger/vat").text)
    assert "15 % ZAR R400.00 R60.00 R200.00 R30.00 R200.00 R30.00" in page
    assert "No sale in these days" in client(books).get(f"/home/ledger/vat?until={noon(1).date()}").text
    assert csv_of(books, "/ledger/vat.csv")[0] == {
        "rate": "15.00", "currency": "ZAR", "charged, net": "400.00", "charged, VAT": "60.00",
        "credit notes, net": "200.00", "credit notes, VAT": "30.00", "net": "200.00", "output VAT": "30.00",
    }  # fmt: skip


def test_takings_are_what_customers_paid_and_got_back(books: World) -> None:
    with books.personas.home.scope():
        (cash,) = takings(Days())
    assert (cash.gateway, cash.taken, cash.given, cash.bookings) == ("Cash", 46000 + 9990, 23000, 3)
    page = words_of(client(books).get("/home/ledger/takings").text)
    assert "Cash R559.90 R230.00 R329.90 3" in page
    assert csv_of(books, "/ledger/takings.csv")[0]["kept"] == "329.90"
    assert "Nothing was taken" in client(books).get(f"/home/ledger/takings?until={noon(1).date()}").text


@pytest.mark.parametrize("path", PAGES)
def test_who_may_read_the_books(books: World, path: str) -> None:
    for role, status in (("owner", 200), ("manager", 200), ("auditor", 200), ("box_office", 403),
                         ("gate_supervisor", 403)):  # fmt: skip
        assert client(books, role).get(f"/home{path}").status_code == status, role
    assert books.personas.outsider().get(f"/home{path}").status_code == 404
    assert "R2" not in books.personas.outsider().get(f"/abroad{path}").text


@pytest.mark.parametrize("path", [f"{path}.{format}" for path in PAGES[:3] for format in ("csv", "xlsx")])
def test_who_may_take_files_away(books: World, path: str) -> None:
    assert client(books).get(f"/home{path}").data
    assert client(books, "box_office").get(f"/home{path}").status_code == 403
    assert books.personas.outsider().get(f"/home{path}").status_code == 404
    assert client(books).get(f"/home{path}?since=soon").status_code == 422


def test_anothers_account_is_not_found(books: World) -> None:
    with books.personas.home.scope():
        account = rows(Account).first()
        assert account is not None
    for path in (f"/abroad/ledger/accounts/{account.id}", f"/abroad/ledger/accounts/{account.id}/statement.csv"):
        assert books.personas.outsider().get(path).status_code == 404
    assert client(books, "box_office").get(f"/home/ledger/accounts/{account.id}").status_code == 403


def test_a_day_is_closed_from_its_page(books: World) -> None:
    day = noon(3).date()
    accountant = client(books)
    page = words_of(accountant.get("/home/ledger/days").text)
    assert "2 open days" in page
    for role, status in (("manager", 403), ("auditor", 403), ("box_office", 403)):
        assert client(books, role).post("/home/ledger/days", data={"day": str(day)}).status_code == status
    assert books.personas.outsider().post("/home/ledger/days", data={"day": str(day)}).status_code == 404
    assert accountant.post("/home/ledger/days", data={"day": str(noon(0).date() + timedelta(3))}).status_code == 409
    assert accountant.post("/home/ledger/days", data={"day": str(day)}).status_code == 303
    assert accountant.post("/home/ledger/days", data={"day": str(day)}).status_code == 409
    page = words_of(accountant.get("/home/ledger/days").text)
    assert "1 open day" in page
    assert "accountant of home" in page


def test_all_days_are_closed_at_once_or_none(books: World) -> None:
    accountant, path = client(books), "/home/ledger/days"
    with books.personas.home.scope("manager"):
        book(700, 1)
        commit()
    assert "Close all 2 days" in words_of(accountant.get(path).text)
    assert accountant.post(path, data={"day": "soon"}).status_code == 422
    yesterday = {"day": str(noon(1).date()), "all": "true"}
    with frozen(noon(-2)):
        assert accountant.post(path, data={"day": str(noon(1).date()), "all": "true"}).status_code == 409
    assert "2 open days" in words_of(accountant.get(path).text)
    assert accountant.post(path, data=yesterday).status_code == 303
    assert "All days up to" in words_of(accountant.get(path).text)


def test_drawers_that_are_open_are_named_and_nothing_can_be_pressed(books: World) -> None:
    with frozen(noon(-2)):
        page = client(books).get("/home/ledger/days").text
    assert "3 drawers open" in page
    assert f'value="{noon(0).date()}"' not in page


AMOUNTS = st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=5)


@given(AMOUNTS, st.booleans())
@settings(max_examples=20, deadline=None)
def test_whatever_is_posted_the_ledger_balances(books: World, cents: list[int], even: bool) -> None:
    if even:
        cents = [*cents[:-1], -sum(cents[:-1])]
    lines = [Line(heading, amount) for heading, amount in zip((*HEADINGS, sales_at(0)), cents, strict=False)]
    with books.personas.home.scope():
        event = rows(Event).first()
        assert event is not None
        before = sum(one.cents for one in balances())
        moves = any(one.cents for one in lines)
        try:
            post("manual", event, lines, currency="ZAR", timezone="Africa/Johannesburg", words="Any")
            assert moves
            assert sum(one.cents for one in lines) == 0
        except Unbalanced:
            assert not moves or sum(one.cents for one in lines)
        assert sum(one.cents for one in balances()) == before == 0
        rollback()


SALE = st.tuples(st.sampled_from([0, 1500, 1400]), st.integers(1, 50_000), st.booleans())
SALES = st.lists(SALE, min_size=1, max_size=6)


def included(gross: int, rate: int) -> int:
    """Return the VAT in a price, rounded half up, by whole numbers alone."""
    return (gross * rate * 2 + 10_000 + rate) // (2 * (10_000 + rate))


def earn(kind: Any, event: Event, rate: int, gross: int, vat: int) -> None:
    """Book what was sold (or, below 0, returned) at a rate."""
    if gross:
        lines = [Line(BANK, gross), Line(sales_at(rate), vat - gross), Line(vat_at(rate), -vat)]
        post(kind, event, lines, currency="ZAR", timezone="Africa/Johannesburg", words="Any")


@given(SALES)
@settings(max_examples=15, deadline=None)
def test_the_vat_summary_is_the_sum_of_its_lines(books: World, sold: list[tuple[int, int, bool]]) -> None:
    with books.personas.home.scope():
        event = rows(Event).first()
        assert event is not None
        before = {one.rate_bp: one for one in vat_summary(Days())}
        moved: dict[int, list[int]] = {}
        for rate, gross, returned in sold:
            kept = gross - gross // 2 if returned else gross
            vat, vat_kept = included(gross, rate), included(kept, rate)
            earn("sale", event, rate, gross, vat)
            earn("refund", event, rate, kept - gross, vat_kept - vat)
            own = moved.setdefault(rate, [0, 0])
            own[0] += kept - vat_kept
            own[1] += vat_kept
        after = {one.rate_bp: one for one in vat_summary(Days())}
        for rate, (net, vat) in moved.items():
            was = before.get(rate, Rate(rate, "ZAR"))
            assert (after[rate].net - was.net, after[rate].vat - was.vat) == (net, vat)
        rollback()
