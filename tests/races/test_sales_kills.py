"""A process of the sale dies at each named point: the till asks again under its key, and all is as if it had not."""

from collections import Counter
from uuid import uuid4

import psycopg
import pytest

from tests.checkout.programme import Sold, hold, put_on, sell, taken
from tests.races.sellers import Nursery, expired, given_up, replaced, sale, void
from tests.selling.checking import violations
from voelgoed.checkout.checkout import Hold, HoldEnd
from voelgoed.foundation import points
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.payment import Payment, Refund
from voelgoed.ticketing.ticket import Ticket

pytestmark = pytest.mark.deep


@pytest.fixture
def nursery(database):
    made = Nursery(database.config())
    yield made
    made.close()


@pytest.fixture
def home(personas):
    with personas.home.scope():
        yield personas.home.organization_id


@pytest.fixture
def lapse(database):
    """Let time pass: leases have run out, what waits is due."""

    def lapsed():
        rollback()
        with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
            connection.execute(
                "UPDATE outbox_row SET claimed_until = now() - interval '1 second' WHERE done_at IS NULL"
            )

    return lapsed


def late(database, hold_id):
    """Let ten minutes pass for one hold."""
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE hold SET expires_at = now() - interval '1 second' WHERE id = %s", (hold_id,))


def passed(deed, *arguments):
    """Do a deed here, alive, and return each point that it passes with the number of its passing."""
    with points.recording() as names:
        deed(*arguments)
    seen = Counter()
    places = []
    for name in names:
        seen[name] += 1
        places.append((name, seen[name]))
    return places


def test_a_sale_killed_anywhere_is_made_once(home, nursery, lapse):
    programme = put_on(Sold("Weekend", price_cents=5003, capacity=500, days=(0, 1)), days=2)
    places = passed(sale, programme, uuid4())
    named = {"hold.before_pools", "sale.begun", "complete_checkout.charge", "complete_checkout.ledger",
             "issue.before_series", "sale.written", "complete_checkout.run.ending"}  # fmt: skip
    assert named <= {name for name, _ in places}
    assert nursery.rehearse(("sale", home, (programme, uuid4()))) == "paid"
    for name, passing in places:
        key = uuid4()
        assert nursery.killed_at(("sale", home, (programme, key)), name, passing), (name, passing)
        assert violations() == {}, (name, passing)
        lapse()
        assert sale(programme, key) == "paid", (name, passing)
    sales = len(places) + 2
    assert (rows(Payment).count(), rows(Ticket).count()) == (sales, 2 * sales)
    assert taken(programme) == {"Weekend 0": 2 * sales, "Weekend 1": 2 * sales}
    assert violations() == {}


def test_a_void_killed_anywhere_refunds_once(home, nursery):
    programme = put_on(Sold(price_cents=5003, capacity=500))
    places = passed(void, sell(programme)[0].id)
    assert {"void.before_pools", "boundary.before_commit"} <= {name for name, _ in places}
    assert nursery.rehearse(("void", home, (sell(programme)[0].id,))) == "void"
    for name, passing in places:
        ticket_id = sell(programme)[0].id
        assert nursery.killed_at(("void", home, (ticket_id,)), name, passing)
        assert violations() == {}, (name, passing)
        assert void(ticket_id) in ("void", "already_void")
    assert rows(Refund).count() == len(places) + 2
    assert taken(programme) == {"Adult 0": 0}
    assert violations() == {}


def test_a_hold_killed_at_its_end_ends_once(home, nursery, database):
    programme = put_on(Sold(capacity=500))
    checkout_id = hold(programme)
    hold_id = rows(Hold).one().id
    late(database, hold_id)
    places = passed(expired, hold_id)
    assert "expire.before_pools" in {name for name, _ in places}
    assert nursery.rehearse(("given_up", home, (hold(programme),))) == "given up"
    for name, passing in places:
        checkout_id = hold(programme, 2)
        hold_id = rows(Hold).filter_by(checkout_id=checkout_id).one().id
        late(database, hold_id)
        assert nursery.killed_at(("expired", home, (hold_id,)), name, passing)
        assert violations() == {}, (name, passing)
        expired(hold_id)
    for name, passing in passed(given_up, hold(programme)):
        checkout_id = hold(programme, 2)
        assert nursery.killed_at(("given_up", home, (checkout_id,)), name, passing)
        assert violations() == {}, (name, passing)
        assert given_up(checkout_id) == "given up"
    assert rows(HoldEnd).count() == rows(Hold).count()
    assert taken(programme) == {"Adult 0": 0}
    assert violations() == {}


def test_a_replacement_killed_anywhere_holds_once(home, nursery):
    programme = put_on(Sold(capacity=500))
    places = passed(replaced, programme, hold(programme, 2), uuid4())
    assert nursery.rehearse(("replaced", home, (programme, hold(programme, 2), uuid4()))) == "replaced"
    for name, passing in places:
        first, key = hold(programme, 2), uuid4()
        assert nursery.killed_at(("replaced", home, (programme, first, key)), name, passing)
        assert violations() == {}, (name, passing)
        assert replaced(programme, first, key) == "replaced"
    assert taken(programme) == {"Adult 0": 3 * (len(places) + 2)}
    assert violations() == {}
