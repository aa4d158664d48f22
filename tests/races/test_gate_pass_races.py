"""Gate passes given at the same instant by processes of their own: no limit and no place is passed."""

from collections import Counter
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select, true

import voelgoed.selling.give_gate_pass
from tests.checkout.programme import Programme, Sold, put_on
from tests.races.sellers import Nursery
from tests.selling.checking import violations
from voelgoed.catalog.gate_passes import keep_places
from voelgoed.catalog.ticket_type import Pool
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.selling.gate_pass import GatePass, GatePassCount
from voelgoed.selling.give_gate_pass import GiveGatePass, give_gate_pass

pytestmark = pytest.mark.deep

GIVERS, LIMIT, PLACES = 6, 3, 4


def give(programme: Programme, limited: bool) -> str:
    """Let one person in; say how it went. All act as one supervisor, in as many browsers."""
    try:
        give_gate_pass(GiveGatePass(programme.event_id, 1, "the race", uuid4(), limited=limited))
    except Problem as problem:
        rollback()
        return problem.type
    commit()
    return "given"


def give_unguarded(programme: Programme) -> str:
    """Give out of the limit with the condition of the conditional update taken away."""
    voelgoed.selling.give_gate_pass.within = lambda bodies: true()
    try:
        return give(programme, True)
    except Exception as error:
        return type(error).__name__


@pytest.fixture
def race(personas, database):
    nursery = Nursery(database.config())
    with personas.home.scope():
        db.session.scalars(select(Organization)).one().supervisor_pass_limit = LIMIT
        programme = put_on(Sold(capacity=10))
        db.session.add(Zone(venue_id=programme.event.venue_id, name="Lawn", capacity=100))
        db.session.flush()
        keep_places(programme.event, None, PLACES)
        commit()
        deed = lambda name, *more: (f"{__name__}:{name}", personas.home.organization_id, (programme, *more))  # noqa: E731
        yield programme, lambda name, *more: Counter(nursery.race(*[deed(name, *more)] * GIVERS))
    nursery.close()


def taken() -> int:
    return rows(Pool).filter(Pool.name == "Gate pass").one().taken


def test_one_supervisor_in_many_browsers_lets_in_no_more_than_the_limit(race):
    _, at_once = race
    assert at_once("give", True) == {"given": LIMIT, "above_limit": GIVERS - LIMIT}
    assert sorted(one.own_total for one in rows(GatePass)) == [1, 2, 3]
    assert (rows(GatePassCount).one().given, taken()) == (LIMIT, LIMIT)
    assert violations() == {}


def test_the_last_places_are_given_to_as_many_as_there_are(race):
    _, at_once = race
    assert at_once("give", False) == {"given": PLACES, "no_places": GIVERS - PLACES}
    assert taken() == PLACES
    assert violations() == {}


def test_without_the_condition_the_row_refuses_and_without_both_it_is_passed_and_seen(race, database):
    """Negative control: the probe that finds nothing above would find this."""
    _, at_once = race
    assert at_once("give_unguarded") == {"given": LIMIT, "IntegrityError": GIVERS - LIMIT}
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE gate_pass DROP CONSTRAINT ck_gate_pass_within_limit")
        connection.execute("UPDATE pool SET capacity = 50")
    assert at_once("give_unguarded") == {"given": GIVERS}
    assert violations()["I8"] == GIVERS
