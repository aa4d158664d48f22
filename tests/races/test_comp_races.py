"""Comps given at the same instant by processes of their own: no limit and no capacity is passed."""

from collections import Counter
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select, true

import voelgoed.selling.give_comp
from tests.checkout.programme import Programme, Sold, put_on, taken
from tests.races.sellers import Nursery
from tests.selling.checking import violations
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.selling.comp import Comp, CompCount
from voelgoed.selling.give_comp import GiveComp, give_comp

pytestmark = pytest.mark.deep

GIVERS, LIMIT, CAPACITY = 6, 3, 4


def give(programme: Programme, limited: bool) -> str:
    """Give one ticket away; say how it went. All act as one clerk, in as many browsers."""
    try:
        type_id = next(iter(programme.types.values()))
        give_comp(GiveComp(programme.event_id, type_id, 1, "press", "the race", uuid4(), limited=limited))
    except Problem as problem:
        rollback()
        return problem.type
    commit()
    return "given"


def give_unguarded(programme: Programme) -> str:
    """Give out of the limit with the condition of the conditional update taken away."""
    voelgoed.selling.give_comp.within = lambda quantity: true()
    try:
        return give(programme, True)
    except Exception as error:
        return type(error).__name__


@pytest.fixture
def race(personas, database):
    nursery = Nursery(database.config())
    with personas.home.scope():
        db.session.scalars(select(Organization)).one().box_office_comp_limit = LIMIT
        programme = put_on(Sold(capacity=CAPACITY))
        deed = lambda name, *more: (f"{__name__}:{name}", personas.home.organization_id, (programme, *more))  # noqa: E731
        yield programme, lambda name, *more: Counter(nursery.race(*[deed(name, *more)] * GIVERS))
    nursery.close()


def test_one_clerk_in_many_browsers_gives_no_more_than_the_limit(race):
    programme, at_once = race
    assert at_once("give", True) == {"given": LIMIT, "above_limit": GIVERS - LIMIT}
    assert sorted(one.own_total for one in rows(Comp)) == [1, 2, 3]
    assert (rows(CompCount).one().given, taken(programme)["Adult 0"]) == (LIMIT, LIMIT)
    assert violations() == {}


def test_the_last_places_are_given_to_as_many_as_there_are(race):
    programme, at_once = race
    assert at_once("give", False) == {"given": CAPACITY, "sold_out": GIVERS - CAPACITY}
    assert taken(programme)["Adult 0"] == CAPACITY
    assert violations() == {}


def test_without_the_condition_the_row_refuses_and_without_both_it_is_passed_and_seen(race, database):
    """Negative control: the probe that finds nothing above would find this."""
    _, at_once = race
    said = at_once("give_unguarded")
    assert said == {"given": LIMIT, "IntegrityError": GIVERS - LIMIT}
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE comp DROP CONSTRAINT ck_comp_within_limit")
        connection.execute("UPDATE pool SET capacity = 100")
    assert at_once("give_unguarded") == {"given": GIVERS}
    assert violations()["I7"] == GIVERS
