"""Overlapping ranges of a reserve book, keyed in at the same instant by processes of their own: each serial once."""

from collections import Counter
from uuid import uuid4

import psycopg
import pytest

from tests.checkout.programme import Sold, put_on, taken
from tests.races.sellers import Nursery
from tests.selling.checking import violations
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.foundation.web import Problem
from voelgoed.payments.capture import Tender
from voelgoed.selling import reserve_key_in
from voelgoed.selling.reserve import ReserveBook, ReserveSold
from voelgoed.selling.reserve_close import close_book
from voelgoed.selling.reserve_key_in import KeyIn, key_in
from voelgoed.selling.reserve_print import print_book
from voelgoed.ticketing.ticket import Ticket, TicketVoid

pytestmark = pytest.mark.deep

CLERKS = 6


def keyed(book_id, first, last):
    """Key in a range; say how it went."""
    try:
        key_in(KeyIn(book_id, first, last, frozenset(), frozenset(), Tender("cash", 0), uuid4()))
    except Problem as problem:
        rollback()
        return problem.type
    commit()
    return "keyed in"


def keyed_unguarded(book_id, first, last):
    """Key in without holding book or tickets, and without looking whether somebody was faster."""
    reserve_key_in.lock_book = lambda ident: rows(ReserveBook).get(ident)
    reserve_key_in._held = lambda book, numbers: rows(Ticket).filter(Ticket.number.in_(numbers)).all()
    try:
        return keyed(book_id, first, last)
    except Exception as error:
        return type(error).__name__


def closed(book_id):
    """Close the book."""
    close_book(rows(ReserveBook).get(book_id), "the race")
    commit()
    return "closed"


@pytest.fixture
def race(personas, database):
    nursery = Nursery(database.config())
    with personas.home.scope():
        programme = put_on(Sold(price_cents=10000, capacity=40))
        book = print_book(programme.event, programme.types["Adult"], 40, uuid4())
        commit()

        def run(*deeds):
            return nursery.race(*[(f"{__name__}:{name}", personas.home.organization_id, (book.id, *more))
                                  for name, *more in deeds])  # fmt: skip

        run.programme = programme
        yield run
    nursery.close()


def twice():
    with skip_tenant_rule(reason="a race is over") as session:
        return next(one.count(session) for one in checkers() if one.code == "I6")


def test_overlapping_ranges_are_keyed_in_once(race):
    said = Counter(race(*[("keyed", 1 + place, 10 + place) for place in range(CLERKS)]))
    assert said == {"keyed in": 1, "keyed_in": CLERKS - 1}
    assert (rows(ReserveSold).count(), twice(), violations()) == (10, 0, {})


def test_what_is_keyed_in_while_the_book_is_closed_is_sold_or_void(race):
    said = Counter(race(("closed",), *[("keyed", 1 + 10 * place, 10 + 10 * place) for place in range(4)]))
    sold = rows(ReserveSold).count()
    assert said["keyed in"] * 10 == sold == 40 - rows(TicketVoid).count()
    assert said["keyed in"] + said["already_void"] == 4
    assert (taken(race.programme), twice(), violations()) == ({"Adult 0": sold}, 0, {})


def test_without_its_locks_the_index_holds_and_without_that_the_checker_sees_it(race, database):
    """Negative control: the probe that finds nothing above would find this."""
    said = Counter(race(("keyed_unguarded", 1, 5), ("keyed_unguarded", 3, 8)))
    assert said == {"keyed in": 1, "IntegrityError": 1}
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE reserve_sold DROP CONSTRAINT uq_reserve_sold_organization_id_ticket_id")
    again = Counter(race(("keyed_unguarded", 20, 25), ("keyed_unguarded", 23, 28)))
    assert again == {"keyed in": 2}
    assert twice() > 0
