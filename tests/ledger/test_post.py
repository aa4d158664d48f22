"""Entries balance or do not exist: refused in Python, refused by the database, seen by the checker."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests.checkout.programme import put_on
from tests.selling.checking import own_cash, violations
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.ledger.balances import balance_of, balances
from voelgoed.ledger.chart import ROUNDING, Heading, account, sales_at, vat_at
from voelgoed.ledger.entry import Account, JournalEntry, JournalLine
from voelgoed.ledger.post import Line, Unbalanced, post
from voelgoed.ledger.trading_day import trading_day

ZONE = "Africa/Johannesburg"


def book(source, *lines, **more):
    return post("sale", source, lines, currency="ZAR", timezone=ZONE, words="a sale", **more)


def test_an_entry_is_booked_and_summed(personas):
    with personas.home.scope():
        event = put_on().event
        book(event, Line(own_cash(), 23000), Line(sales_at(1500), -20000), Line(vat_at(1500), -3000))
        book(event, Line(own_cash(), 500), Line(sales_at(0), -500), at=datetime.now(UTC) - timedelta(days=3))
        commit()
        assert balance_of(own_cash(), "ZAR") == 23500
        assert {one.account.code: one.cents for one in balances()} == {
            "1000": 23500, "2100-1500": -3000, "4000-0": -500, "4000-1500": -20000,
        }  # fmt: skip
        today = trading_day(datetime.now(UTC), ZONE)
        assert {one.account.code: one.cents for one in balances(today, today)}["1000"] == 23000
        assert rows(JournalEntry).first().actor == "owner of home"


def test_lines_under_one_heading_become_one_and_nothing_is_left_out(personas):
    with personas.home.scope():
        event = put_on().event
        entry = book(event, Line(sales_at(0), -5), Line(sales_at(0), -5), Line(own_cash(), 10), Line(ROUNDING, 0))
        commit()
        lines = db.session.scalars(select(JournalLine).where(JournalLine.entry_id == entry.id)).all()
        assert sorted(line.amount_cents for line in lines) == [-10, 10]


@pytest.mark.parametrize("cents", [(100, -99), (100, 100), (0, 0)])
def test_what_is_off_is_refused_before_anything_is_written(personas, cents):
    with personas.home.scope():
        event = put_on().event
        with pytest.raises(Unbalanced):
            book(event, Line(own_cash(), cents[0]), Line(ROUNDING, cents[1]))
        assert rows(JournalEntry).count() == 0


def unbalanced_lines(house):
    """Go past `post`, as a bug would."""
    with house.scope():
        event = put_on().event
        entry = book(event, Line(own_cash(), 100), Line(ROUNDING, -100))
        row = {"entry_id": entry.id, "account_id": account(ROUNDING, "ZAR").id, "amount_cents": -1, "currency": "ZAR",
               "trading_day": entry.trading_day}  # fmt: skip
        db.session.execute(insert(JournalLine), [row])
        commit()


def test_the_database_refuses_what_goes_past_post(personas):
    with pytest.raises(IntegrityError, match="off by -1 ZAR"):
        unbalanced_lines(personas.home)
    with personas.home.scope():
        assert rows(JournalEntry).count() == 0
    assert violations() == {}


def test_without_the_trigger_it_goes_in_and_the_checker_sees_it(personas, database):
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP TRIGGER balanced_entry ON journal_line")
    unbalanced_lines(personas.home)
    assert violations()["M1"] == 1


@pytest.mark.parametrize("table", ["journal_entry", "journal_line"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET created_at = now()", "DELETE FROM {}"])
def test_nobody_rewrites_an_entry(personas, database, table, deed):
    with personas.home.scope():
        event = put_on().event
        book(event, Line(own_cash(), 100), Line(ROUNDING, -100))
        commit()
    with (
        psycopg.connect(database.url("postgres"), autocommit=True) as connection,
        pytest.raises(psycopg.Error, match="append"),
    ):
        connection.execute(deed.format(table))


def test_a_lost_guard_is_seen(personas, database):
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE journal_line DISABLE TRIGGER append_only")
    assert violations() == {"M2": 1}


def test_an_account_is_made_once(personas):
    with personas.home.scope():
        first = account(Heading("4900", "Cash rounding", "income"), "ZAR")
        assert account(ROUNDING, "ZAR").id == first.id
        assert account(ROUNDING, "NAD").id != first.id
        commit()
    with personas.abroad.scope():
        assert rows(Account).count() == 0
        assert account(ROUNDING, "ZAR").id != first.id


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 25, 2, 59, 59, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 3, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 24, 22, 30, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_the_trading_day_ends_at_five_at_the_venue(moment, day):
    assert trading_day(moment, ZONE) == day


def test_the_trading_day_of_a_short_night():
    assert trading_day(datetime(2026, 3, 29, 3, 30, tzinfo=UTC), "Europe/Berlin") == date(2026, 3, 29)
    assert trading_day(datetime(2026, 3, 29, 2, 59, tzinfo=UTC), "Europe/Berlin") == date(2026, 3, 28)
