"""Sales at the same instant, in processes of their own: nothing is sold twice, nothing charged twice."""

from collections import Counter

import psycopg
import pytest

from tests.checkout.programme import Sold, hold, put_on, sell, taken
from tests.races.sellers import Nursery
from tests.selling.checking import violations
from voelgoed.checkout.checkout import Checkout, Hold, HoldEnd
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.payment import Payment, Refund
from voelgoed.ticketing.ticket import Ticket

BUYERS = 32


@pytest.fixture
def nursery(database):
    made = Nursery(database.config())
    yield made
    made.close()


@pytest.fixture
def home(personas):
    with personas.home.scope():
        yield personas.home.organization_id


def drop_check(database):
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE pool DROP CONSTRAINT ck_pool_never_above_capacity")


def test_the_last_seats_go_to_as_many_buyers_as_there_are_seats(home, nursery):
    programme = put_on(Sold("Weekend", capacity=10, days=(0, 1)), days=2)
    said = Counter(nursery.race(*[("buy", home, (programme, 1))] * BUYERS))
    assert said == {"paid": 10, "sold_out": BUYERS - 10}
    assert taken(programme) == {"Weekend 0": 10, "Weekend 1": 10}
    tickets = rows(Ticket).all()
    assert sorted(one.number for one in tickets) == list(range(1, 11))
    assert sorted(one.number for one in rows(Checkout).filter(Checkout.number.is_not(None))) == list(range(1, 11))
    assert violations() == {}


@pytest.mark.deep
def test_the_check_holds_when_the_condition_is_gone(home, nursery):
    programme = put_on(Sold(capacity=10))
    said = Counter(nursery.race(*[("buy_unguarded", home, (programme, 1))] * BUYERS))
    assert said["paid"] == 10
    assert said["IntegrityError"] == BUYERS - 10
    assert violations() == {}


@pytest.mark.deep
def test_without_condition_and_check_it_is_oversold_and_seen(home, nursery, database):
    """Negative control: the probe that finds nothing above would find this."""
    programme = put_on(Sold(capacity=10))
    drop_check(database)
    assert Counter(nursery.race(*[("buy_unguarded", home, (programme, 1))] * BUYERS)) == {"paid": BUYERS}
    assert violations() == {"I1": 1}


def test_one_checkout_completed_by_many_is_paid_once(home, nursery):
    programme = put_on()
    checkout_id = hold(programme, 3)
    assert nursery.race(*[("complete", home, (checkout_id,))] * 8) == ["paid"] * 8
    assert (rows(Payment).count(), rows(Ticket).count(), rows(HoldEnd).count()) == (1, 3, 1)
    assert violations() == {}


def test_a_hold_that_expires_while_it_is_paid_ends_once(home, nursery, database):
    programme = put_on(Sold(capacity=4))
    for _ in range(4):
        checkout_id = hold(programme)
        hold_id = rows(Hold).filter_by(checkout_id=checkout_id).one().id
        with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE hold SET expires_at = now() - interval '1 second' WHERE id = %s", (hold_id,))
        deeds = [("complete", home, (checkout_id,)), *[("expired", home, (hold_id,))] * 3]
        assert nursery.race(*deeds)[0] == "paid"
        assert rows(HoldEnd).filter_by(hold_id=hold_id).count() == 1
        assert violations() == {}
    assert taken(programme) == {"Adult 0": 4}


@pytest.mark.deep
def test_a_hold_given_up_by_many_frees_its_place_once(home, nursery):
    programme = put_on(Sold(capacity=1))
    checkout_id = hold(programme)
    said = Counter(nursery.race(*[("given_up", home, (checkout_id,))] * 6))
    assert said == {"given up": 6}
    assert taken(programme) == {"Adult 0": 0}
    assert violations() == {}


@pytest.mark.deep
def test_a_ticket_voided_by_many_is_refunded_once(home, nursery):
    programme = put_on(Sold(price_cents=5003, capacity=3))
    tickets = [one.id for one in sell(programme, 3)]
    said = Counter(nursery.race(*[("void", home, (one,)) for one in tickets] * 4))
    assert said == {"void": 3, "already_void": 9}
    assert sum(one.amount_cents - one.rounding_cents for one in rows(Refund)) == 15000
    assert taken(programme) == {"Adult 0": 0}
    assert violations() == {}
