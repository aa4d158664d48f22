"""Closing a drawer against what goes into it, at the same instant: counted, or refused, never neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event as Signal
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask

from tests.checkout.programme import Programme, Sold, hold, pay, put_on
from tests.conftest import Database
from tests.personas import Personas
from tests.races.sellers import Nursery
from tests.tills.test_shift import violations
from voelgoed.boxoffice import move_cash as moving
from voelgoed.boxoffice.close_shift import count_drawer, finish_shift
from voelgoed.boxoffice.move_cash import move_cash
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, current_scope, rows, scope
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Done
from voelgoed.payments.payment import Payment
from voelgoed.tills.shift import Shift, ZReport

pytestmark = pytest.mark.deep

SALES = 7
PRICE = 5_000


def sale(clerk: UUID, programme: Programme) -> str:
    """Sell one in cash; say how it went."""
    with scope(current_scope().organization_id, Actor("user", clerk, "clerk")):
        try:
            outcome = pay(hold(programme))
        except Problem as problem:
            rollback()
            return problem.type
        return "paid" if isinstance(outcome, Done) else "refused"


def close(clerk: UUID, shift_id: UUID) -> str:
    """Count and close a drawer, as often as it takes while a sale is being paid."""
    with scope(current_scope().organization_id, Actor("user", clerk, "clerk")):
        while True:
            shift = rows(Shift).get(shift_id)
            try:
                count_drawer(shift, 0, {})
            except Problem as problem:
                rollback()
                if problem.type != "being_paid":
                    raise
                continue
            finish_shift(shift)
            commit()
            return "closed"


@pytest.fixture
def nursery(database: Database) -> Iterator[Nursery]:
    made = Nursery(database.config())
    yield made
    made.close()


def test_a_sale_against_the_close_is_counted_or_refused(personas: Personas, nursery: Nursery) -> None:
    home, clerk = personas.home, personas.home.people["box_office"]
    with home.scope("box_office"):
        programme = put_on(Sold(price_cents=PRICE, capacity=50))
    sales = [("tests.races.test_shift_races:sale", home.organization_id, (clerk, programme))] * SALES
    ending = ("tests.races.test_shift_races:close", home.organization_id, (clerk, home.shifts["box_office"]))
    with home.scope():
        said = Counter(nursery.race(*sales[:3], ending, *sales[3:]))
        assert said["closed"] == 1
        assert said["paid"] + said["no_open_shift"] + said["refused"] == SALES
        report = rows(ZReport).one()
        assert report.expected_cents == said["paid"] * PRICE == -report.variance_cents
        assert rows(Payment).count() == said["paid"]
    assert violations() == {}


class Two:
    """Two transactions on one drawer: one puts cash in, the other counts it, in an order that the test sets."""

    def __init__(self, app: Flask, personas: Personas, database: Database) -> None:
        self.app, self.home, self.database = app, personas.home, database
        self.shift_id = personas.home.shifts["box_office"]
        self.looked, self.go = Signal(), Signal()

    def _within(self, deed: Callable[[Shift], object]) -> None:
        # As a job: it may wait longer in its transaction than a request may.
        with self.app.app_context(), scope(self.home.organization_id, self.home.actor("box_office"), job="a race"):
            deed(rows(Shift).get(self.shift_id))
            commit()
            db.session.remove()

    def put_in(self) -> None:
        """Look whether the drawer is open, wait, then put R10 in."""

        def put(shift: Shift) -> None:
            moving._need_open(shift)
            self.looked.set()
            assert self.go.wait(60)
            move_cash(shift, "added", 1_000, "late", uuid4())

        self._within(put)

    def end(self) -> None:
        """Count the drawer, and close it."""

        def count(shift: Shift) -> None:
            count_drawer(shift, 0, {})
            finish_shift(shift)

        self._within(count)

    def run(self) -> None:
        """Let the first look, then the second go as far as it gets, then the first go on."""
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(self.put_in)
            assert self.looked.wait(60)
            second = pool.submit(self.end)
            self._until_blocked_or_done(second)
            self.go.set()
            first.result(20)
            second.result(20)

    def _until_blocked_or_done(self, second: Future[None]) -> None:
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        with psycopg.connect(self.database.url("postgres"), autocommit=True) as admin:
            while second not in wait([second], timeout=0.05).done:
                if admin.execute(waiting, (self.database.name,)).fetchone():
                    return


def test_the_close_waits_for_what_was_begun_and_counts_it(app: Flask, personas: Personas, database: Database) -> None:
    Two(app, personas, database).run()
    with personas.home.scope():
        assert rows(ZReport).one().expected_cents == 1_000
    assert violations() == {}


def test_without_the_lock_cash_comes_into_a_closed_drawer_and_is_seen(
    app: Flask, personas: Personas, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the guard is what makes the close wait; M7 sees what slips in without it."""
    monkeypatch.setattr(moving, "keep_open", lambda shift_id: shift_id)
    Two(app, personas, database).run()
    assert violations() == {"M7": 1}
