"""Holds: all of it or nothing, by the database's clock, ended exactly once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from tests.checkout.programme import Sold, hold, pay, put_on, sell, taken
from tests.controls import goes_red
from tests.selling.checking import violations
from voelgoed.catalog.ticket_type import Pool, TicketType
from voelgoed.checkout import open as opening
from voelgoed.checkout import order
from voelgoed.checkout.availability import offers
from voelgoed.checkout.checkout import Checkout, CheckoutLine, Hold, HoldEnd
from voelgoed.checkout.end import expire, give_up
from voelgoed.checkout.open import Buyer, open_checkout
from voelgoed.checkout.state import state_of
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem

HOUR = timedelta(hours=1)


@pytest.fixture
def selling(personas):
    with personas.home.scope("box_office"):
        yield personas


def lapse(database):
    """Let ten minutes pass for every hold."""
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE hold SET expires_at = now() - interval '1 second'")


def refused(programme, *asked, **more):
    more.setdefault("key", uuid4())
    with pytest.raises(Problem) as caught:
        open_checkout(programme.event, asked, **more)
    rollback()
    return caught.value


def test_a_hold_takes_bodies_from_the_pool_of_each_day(selling):
    programme = put_on(Sold("Weekend", bodies=2, days=(0, 1)), Sold("Saturday", days=(0,)), days=2)
    hold(programme, 3, "Weekend")
    assert taken(programme) == {"Weekend 0": 6, "Weekend 1": 6, "Saturday 0": 0}
    assert violations() == {}


def test_all_of_it_or_nothing_and_what_is_left(selling):
    programme = put_on(Sold("Adult", capacity=5), Sold("Table", capacity=9, bodies=4))
    hold(programme, 1, "Adult")
    adult, table = programme.types["Adult"], programme.types["Table"]
    problem = refused(programme, (adult, 4), (table, 3))
    assert (problem.status, problem.type) == (409, "sold_out")
    assert problem.extra["left"] == {str(adult): 4, str(table): 2}
    assert taken(programme) == {"Adult 0": 1, "Table 0": 0}
    assert rows(Checkout).count() == 1


def test_lines_of_one_type_are_summed(selling):
    programme = put_on(Sold(capacity=5))
    adult = programme.types["Adult"]
    assert refused(programme, (adult, 3), (adult, 3)).type == "sold_out"
    open_checkout(programme.event, [(adult, 2), (adult, 3)], key=uuid4())
    assert rows(CheckoutLine).one().quantity == 5


def test_the_same_key_is_the_same_checkout(selling):
    programme, key = put_on(), uuid4()
    first = hold(programme, 2, key=key)
    assert hold(programme, 2, key=key) == first
    assert taken(programme) == {"Adult 0": 2}
    assert refused(programme, (programme.types["Adult"], 3), key=key).type == "key_reused"


def test_a_replaced_hold_is_given_up_in_the_same_moment(selling):
    programme = put_on(Sold(capacity=5))
    first = hold(programme, 4)
    second = hold(programme, 5, replaces=first)
    assert taken(programme) == {"Adult 0": 5}
    assert (state_of(first).word, state_of(second).word) == ("expired", "open")
    problem = refused(programme, (programme.types["Adult"], 6), replaces=second)
    assert problem.extra["left"] == {str(programme.types["Adult"]): 5}
    assert state_of(second).word == "open"
    assert violations() == {}


def test_what_is_paid_cannot_be_replaced(selling):
    programme = put_on()
    first = hold(programme)
    pay(first)
    assert refused(programme, (programme.types["Adult"], 1), replaces=first).type == "already_paid"


def test_the_window_is_judged_by_the_databases_clock(selling):
    now = datetime.now(UTC)
    programme = put_on(
        Sold("Later", sales_from=now + HOUR), Sold("Earlier", sales_until=now - HOUR),
        Sold("Now", sales_from=now - HOUR, sales_until=now + HOUR),
    )  # fmt: skip
    assert refused(programme, (programme.types["Later"], 1)).type == "not_on_sale"
    assert refused(programme, (programme.types["Earlier"], 1)).type == "not_on_sale"
    hold(programme, 1, "Now")
    assert [one.on_sale for one in offers(programme.event)] == [False, False, True]


def test_an_event_that_is_closed_sells_nothing(selling):
    programme = put_on()
    programme.event.on_sale = False
    commit()
    assert refused(programme, (programme.types["Adult"], 1)).type == "not_on_sale"


def test_a_price_that_changes_between_reading_and_holding_is_refused(selling, database, monkeypatch):
    from voelgoed.checkout import pricing

    programme = put_on()
    read = pricing.read_order

    def read_then_change(*asked):
        order = read(*asked)
        with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
            connection.execute("UPDATE ticket_type SET price_cents = 1")
        return order

    monkeypatch.setattr(pricing, "read_order", read_then_change)
    assert refused(programme, (programme.types["Adult"], 1)).type == "price_changed"
    assert taken(programme) == {"Adult 0": 0}


def test_the_maximum_binds_public_sale_and_a_till_sells_two_hundred(selling):
    programme = put_on(Sold(capacity=500, most=4))
    adult = programme.types["Adult"]
    problem = refused(programme, (adult, 2), (adult, 3), channel="api")
    assert (problem.type, problem.extra["maximum"]) == ("above_maximum", 4)
    assert refused(programme, (adult, 201)).type == "too_many"
    hold(programme, 200)
    hold(programme, 4, channel="api")
    assert taken(programme) == {"Adult 0": 204}


def test_a_type_without_a_pool_cannot_be_sold(selling):
    programme = put_on()
    bare = TicketType(event_id=programme.event_id, number=9, name="Bare", price_cents=100)
    db.session.add(bare)
    commit()
    assert refused(programme, (bare.id, 1)).type == "not_on_sale"


def test_the_buyer_is_kept(selling):
    programme = put_on()
    checkout_id = hold(programme, buyer=Buyer("Søren Naudé 🎟️", "s@example.org", None))
    assert rows(Checkout).get(checkout_id).customer.name == "Søren Naudé 🎟️"


def test_giving_up_frees_the_places_once(selling):
    programme = put_on()
    checkout = rows(Checkout).get(hold(programme, 3))
    for _ in range(2):
        give_up(checkout)
        commit()
    assert taken(programme) == {"Adult 0": 0}
    assert rows(HoldEnd).one().how == "released"
    pay_again = pytest.raises(Problem)
    with pay_again as caught:
        pay(checkout.id)
    assert caught.value.type == "given_up"


def test_a_hold_expires_by_its_job_when_its_time_has_come(selling, database):
    programme = put_on()
    checkout_id = hold(programme, 2)
    job = rows(OutboxRow).filter_by(task="voelgoed.checkout.end.expire").one()
    found = rows(Hold).one()
    assert (job.due_at, job.payload) == (found.expires_at, {"hold_id": str(found.id)})
    expire(found.id)
    commit()
    assert state_of(checkout_id).word == "open"
    lapse(database)
    db.session.expire_all()
    assert state_of(checkout_id).word == "expired"
    for _ in range(2):
        expire(found.id)
        commit()
    assert rows(HoldEnd).one().how == "expired"
    assert taken(programme) == {"Adult 0": 0}
    assert violations() == {}


def test_a_hold_does_not_expire_while_money_is_taken(selling, database):
    from voelgoed.foundation.workflow import carry_on
    from voelgoed.payments.capture import Tender
    from voelgoed.selling.begin import begin_to_pay

    programme = put_on()
    checkout = rows(Checkout).get(hold(programme, 2))
    run_id = begin_to_pay(checkout, [Tender("cash", 70000)])
    commit()
    lapse(database)
    db.session.expire_all()
    expire(rows(Hold).one().id)
    commit()
    assert (state_of(checkout.id).word, rows(HoldEnd).count()) == ("paying", 0)
    assert rows(OutboxRow).filter_by(task="voelgoed.checkout.end.expire").count() == 3 - 1
    carry_on(run_id)
    assert (state_of(checkout.id).word, rows(HoldEnd).one().how) == ("paid", "converted")


def test_money_that_comes_after_the_end_reserves_again(selling, database):
    programme = put_on(Sold(capacity=3))
    late = hold(programme, 2)
    lapse(database)
    db.session.expire_all()
    expire(rows(Hold).one().id)
    commit()
    pay(late)
    assert state_of(late).word == "paid"
    assert sorted(rows(HoldEnd).with_entities(HoldEnd.how)) == [("converted",), ("expired",)]
    assert taken(programme) == {"Adult 0": 2}
    assert violations() == {}


def test_money_that_comes_too_late_is_refused_and_nothing_is_booked(selling, database):
    programme = put_on(Sold(capacity=3))
    late = hold(programme, 2)
    lapse(database)
    db.session.expire_all()
    expire(rows(Hold).one().id)
    commit()
    sell(programme, 2)
    outcome = pay(late)
    assert (outcome.step, outcome.reason) == ("tickets", "sold_out")
    assert state_of(late).word == "expired"
    assert taken(programme) == {"Adult 0": 2}
    assert violations() == {}


def test_an_outsider_finds_neither_event_nor_checkout(selling):
    programme = put_on()
    checkout_id = hold(programme)
    with selling.abroad.scope():
        theirs = put_on()
        with pytest.raises(NotFound):
            _ = programme.event
        with pytest.raises(Problem) as caught:
            open_checkout(theirs.event, [(programme.types["Adult"], 1)], key=uuid4())
        assert caught.value.status == 404
        with pytest.raises(NotFound):
            open_checkout(theirs.event, [(theirs.types["Adult"], 1)], key=uuid4(), replaces=checkout_id)
    assert taken(programme) == {"Adult 0": 1}


def test_without_the_condition_the_check_still_refuses_and_without_both_it_oversells(selling, database):
    """Negative control: the probe for overselling sees it when both guards are off."""
    programme = put_on(Sold(capacity=1))
    hold(programme)
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("UPDATE pool SET taken = taken + 1")
        connection.execute("ALTER TABLE pool DROP CONSTRAINT ck_pool_never_above_capacity")
        connection.execute("UPDATE pool SET taken = taken + 1")
    assert violations() == {"I1": 1, "I2": 1}
    assert db.session.scalars(select(Pool.taken).execution_options(populate_existing=True)).one() == 2


test_without_it_a_key_sells_something_else = goes_red(
    test_the_same_key_is_the_same_checkout, opening._same, "key_reused"
)
test_without_it_a_program_sells_any_number = goes_red(
    test_the_maximum_binds_public_sale_and_a_till_sells_two_hundred, order.read_order, "too_many"
)
