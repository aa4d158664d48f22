"""Closed days: nothing is posted into them, in whatever order closing and posting come; their totals are kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Event as Flag

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from tests.checkout.programme import put_on
from tests.controls import goes_red
from tests.ledger.days import ZONE, noon
from tests.personas import Personas
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.clock import frozen, now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.foundation.web import Problem
from voelgoed.ledger import period
from voelgoed.ledger.balances import balances, open_spans
from voelgoed.ledger.chart import BANK, sales_at
from voelgoed.ledger.day_total import DayTotal
from voelgoed.ledger.entry import ClosedDay, JournalEntry, JournalLine
from voelgoed.ledger.period import close_day, last_day_over, open_days
from voelgoed.ledger.post import Line, post
from voelgoed.tills.shift import Shift


def late(moment: datetime, cents: int = 100) -> JournalEntry:
    """Book something at a moment that may lie in the past."""
    if rows(Venue).count() == 0:
        put_on()
    source = rows(Venue).first()
    assert source is not None
    lines = [Line(BANK, cents), Line(sales_at(0), -cents)]
    return post("manual", source, lines, currency="ZAR", timezone=ZONE, words="Late", at=moment)


def found(code: str) -> int:
    """Return what one checker finds."""
    with skip_tenant_rule(reason="a test checks what must hold") as session:
        return next(one.count(session) for one in checkers() if one.code == code)


def test_what_comes_late_goes_to_the_first_open_day(personas: Personas) -> None:
    with personas.home.scope("accountant"):
        for days in (4, 3, 2):
            late(noon(days))
        commit()
        closed = [close_day(noon(days).date()).day for days in (4, 3)]
        commit()
        assert [late(noon(days)).trading_day for days in (5, 4, 3, 2)] == [
            noon(5).date(), *[noon(2).date()] * 3,
        ]  # fmt: skip
        commit()
        assert {one.account.code: one.cents for one in balances(*closed)} == {"1200": 200, "4000-0": -200}
        assert {one.account.code: one.cents for one in balances()} == {"1200": 700, "4000-0": -700}
        assert open_days(last_day_over()) == [noon(5).date(), noon(2).date()]
    assert found("M9") == 0


def test_when_all_days_are_closed_it_goes_to_today(personas: Personas) -> None:
    with personas.home.scope("accountant"):
        day = last_day_over()
        close_day(day)
        commit()
        then = datetime.combine(day, noon(0).timetz())
        with frozen(noon(-1)):
            assert late(then).trading_day == day + timedelta(1)
            assert late(now()).trading_day == day + timedelta(2)


def test_refusals_of_closing(personas: Personas) -> None:
    with personas.home.scope("owner"):
        today = last_day_over() + timedelta(1)
        for day, word in ((today, "day_not_over"), (today + timedelta(9), "day_not_over")):
            with pytest.raises(Problem, match=word):
                close_day(day)
        with frozen(noon(-2)), pytest.raises(Problem, match="shift_open") as refused:
            close_day(today)
        assert "manager of home" in str(refused.value.detail)
        close_day(today - timedelta(3))
        with pytest.raises(Problem, match="day_closed"):
            close_day(today - timedelta(3))
        for shift in rows(Shift):
            shift.closed_at = now()
        with frozen(noon(-2)):
            assert close_day(today).actor == "owner of home"


def test_the_day_ends_where_it_ends_last(personas: Personas) -> None:
    with personas.home.scope():
        with frozen(datetime.fromisoformat("2026-11-24T03:20:00+00:00")):
            assert last_day_over() == date(2026, 11, 23)
            db.session.add(Venue(name="Hall in Lisbon", timezone="Europe/Lisbon"))
            db.session.flush()
            assert last_day_over() == date(2026, 11, 22)
        with frozen(datetime.fromisoformat("2026-11-24T05:10:00+00:00")):
            assert last_day_over() == date(2026, 11, 22)  # fifteen minutes are left to those that still write


def force(personas: Personas, day: date) -> None:
    """Post into a closed day past `post`, as a bug would."""
    with personas.home.scope():
        entry = late(now())
        commit()
        with db.session.begin_nested():
            values = {"kind": "manual", "source_kind": "venue", "source_id": entry.source_id, "words": "Late",
                      "occurred_at": now(), "trading_day": day, "actor": "nobody"}  # fmt: skip
            db.session.add(forced := JournalEntry(**values))
            db.session.flush()
        mirror = [{"entry_id": forced.id, "account_id": one.account.id, "trading_day": day, "currency": "ZAR",
                   "amount_cents": one.cents} for one in balances()]  # fmt: skip
        db.session.execute(insert(JournalLine), mirror)
        commit()


def test_the_database_refuses_what_goes_past_post_and_without_it_the_check_sees_it(personas, database) -> None:
    with personas.home.scope():
        day = close_day(last_day_over()).day
        commit()
    with pytest.raises(IntegrityError, match="is closed"):
        force(personas, day)
    assert found("M9") == 0
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP TRIGGER period_open ON journal_entry")
    force(personas, day)
    assert found("M9") == 2


def test_whoever_closes_waits_for_whoever_posts(app, personas: Personas, database) -> None:
    moment = noon(2)
    closing = Flag()

    def close() -> date:
        with app.app_context(), personas.home.scope("accountant"):
            closing.set()
            done = close_day(moment.date()).day
            commit()
            return done

    with personas.home.scope("owner"), ThreadPoolExecutor(1) as aside:
        entry = late(moment, 700)
        closed = aside.submit(close)
        closing.wait(5)
        wait_until_somebody_waits(database)
        assert not closed.done()
        commit()
        assert closed.result(10) == entry.trading_day == moment.date()
    with personas.home.scope():
        kept = {(one.debit_cents, one.credit_cents) for one in rows(DayTotal)}
        assert kept == {(700, 0), (0, 700)}
        assert late(moment).trading_day > moment.date()
    assert found("M9") == 0


def wait_until_somebody_waits(database) -> None:
    """Return once a transaction waits for an advisory lock; the server says so itself."""
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        while not connection.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone():
            pass


def test_whoever_posts_waits_for_whoever_closes(app, personas: Personas, database) -> None:
    moment = noon(2)
    with personas.home.scope():
        late(moment)
        commit()

    def book() -> date:
        with app.app_context(), personas.home.scope("owner"):
            day = late(moment).trading_day
            commit()
            return day

    with personas.home.scope("accountant"), ThreadPoolExecutor(1) as aside:
        close_day(moment.date())
        booked = aside.submit(book)
        wait_until_somebody_waits(database)
        commit()
        assert booked.result(10) == moment.date() + timedelta(1)
    assert found("M9") == 0


def test_a_closed_day_is_ones_own(personas: Personas) -> None:
    with personas.home.scope():
        day = close_day(last_day_over()).day
        commit()
    with personas.abroad.scope():
        assert rows(ClosedDay).count() == 0
        assert late(datetime.combine(day, noon(0).timetz())).trading_day == day


@given(st.integers(0, 2**13 - 1))
@settings(max_examples=40, deadline=None)
def test_open_stretches_are_the_days_that_are_not_closed(bits: int) -> None:
    days = [date(2026, 11, 1) + timedelta(one) for one in range(13)]
    closed = {day for number, day in enumerate(days) if bits >> number & 1}
    spans = list(open_spans(days[0], days[-1], closed))
    told = {start + timedelta(one) for start, end in spans for one in range((end - start).days + 1)}
    assert told == set(days) - closed
    assert all(start <= end for start, end in spans)


test_without_it_today_is_closed = goes_red(test_refusals_of_closing, period.close_day, "day_not_over")
test_without_it_a_day_is_closed_twice = goes_red(test_refusals_of_closing, period.close_day, "day_closed")
test_without_it_a_day_with_an_open_drawer_is_closed = goes_red(test_refusals_of_closing, period.close_day, "shift_open")
