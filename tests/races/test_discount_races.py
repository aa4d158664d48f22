"""The last uses of a code, asked for at the same instant by processes of their own."""

from collections import Counter

import psycopg
import pytest
from sqlalchemy import true

import voelgoed.checkout.discount
from tests.checkout.programme import Programme, Sold, hold, pay, put_on
from tests.races.sellers import Nursery
from tests.selling.checking import violations
from voelgoed.checkout.discount import Discount
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.foundation.workflow import Done

pytestmark = pytest.mark.deep

BUYERS, USES = 6, 2


def buy_with_code(programme: Programme) -> str:
    """Hold with the code and pay; say how it went."""
    try:
        outcome = pay(hold(programme, code="LAST"))
    except Problem as problem:
        rollback()
        return problem.type
    return "paid" if isinstance(outcome, Done) else str(outcome)


def buy_unguarded(programme: Programme) -> str:
    """Buy with the conditional update's condition taken away."""
    voelgoed.checkout.discount.left = true
    try:
        return buy_with_code(programme)
    except Exception as error:
        return type(error).__name__


@pytest.fixture
def race(personas, database):
    nursery = Nursery(database.config())
    with personas.home.scope():
        programme = put_on(Sold(capacity=100))
        db.session.add(Discount(event_id=programme.event_id, code="LAST", kind="percent", percent=50, uses_most=USES))
        commit()
        deed = lambda name: (f"{__name__}:{name}", personas.home.organization_id, (programme,))  # noqa: E731
        yield lambda name: Counter(nursery.race(*[deed(name)] * BUYERS))
    nursery.close()


def test_the_last_uses_go_to_as_many_as_there_are(race):
    assert race("buy_with_code") == {"paid": USES, "code_not_valid": BUYERS - USES}
    assert rows(Discount).one().uses == USES
    assert violations() == {}


def test_without_the_condition_the_check_holds_and_without_both_it_is_overused_and_seen(race, database):
    """Negative control: the probe that finds nothing above would find this."""
    said = race("buy_unguarded")
    assert said == {"paid": USES, "IntegrityError": BUYERS - USES}
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE discount DROP CONSTRAINT ck_discount_never_above_most")
    assert race("buy_unguarded") == {"paid": BUYERS}
    assert violations() == {"I5": 1}
