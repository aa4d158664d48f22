"""What cannot be filtered is refused before it is sent; without a scope there is nothing at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import gevent
import psycopg
import pytest
from sqlalchemy import func, insert, literal, select, text, update

from tests.foundation.tenancy.conftest import Houses
from voelgoed.catalog.venue import Venue, Zone
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import (
    Actor,
    NoScope,
    children,
    current_scope,
    has_scope,
    no_scope,
    rows,
    scope,
    set_based,
)
from voelgoed.foundation.tenancy.filter import SET_BASED, Unfilterable
from voelgoed.foundation.tenancy.scope import OtherScope

venues: Any = Venue.__table__
UNFILTERABLE: dict[str, Callable[[], Any]] = {
    "raw SQL": lambda: text("SELECT * FROM venue"),
    "a table": lambda: select(venues),
    "a column of a table": lambda: select(venues.c.name),
    "a count of a table": lambda: select(func.count()).select_from(venues),
    "a join of tables": lambda: select(literal(1)).select_from(venues.join(Zone.__table__, literal(True))),
    "a subquery of a table": lambda: select(select(venues.c.name).subquery().c.name),
    "a CTE of a table": lambda: select(select(venues.c.name).cte().c.name),
    "a union of tables": lambda: select(venues.c.name).union(select(venues.c.name)),
    "raw SQL inside a selection": lambda: select(text("name FROM venue")),
    "raw SQL as a source": lambda: select(text("name")).select_from(text("venue")),
    "raw SQL as a condition": lambda: select(literal(1)).where(text("EXISTS (SELECT FROM venue)")),
    "an insert into a table": lambda: insert(venues).values(name="x"),
    "an update of a table": lambda: update(venues).values(name="x"),
    "a delete from a table": lambda: venues.delete(),
    "an insert from a selection": lambda: insert(venues).from_select(["name"], select(literal("x"))),
    "a statement that brings its own rows": lambda: select(Venue).from_statement(text("SELECT * FROM venue")),
    "a returning statement that brings rows": lambda: select(Venue).from_statement(
        update(Venue).values(name="x").returning(Venue)
    ),
}


@pytest.mark.parametrize("make", UNFILTERABLE.values(), ids=UNFILTERABLE.keys())
def test_what_cannot_be_filtered_is_refused(houses: Houses, make: Callable[[], Any]) -> None:
    with houses.world.personas.home.scope(), pytest.raises(Unfilterable):
        db.session.execute(make())


def test_what_reaches_no_rows_is_allowed(houses: Houses) -> None:
    with houses.world.personas.home.scope():
        assert db.session.scalar(select(literal(1))) == 1
        assert db.session.scalar(select(func.now())) is not None


def test_a_listed_room_may_and_the_database_still_filters(houses: Houses) -> None:
    with houses.world.personas.home.scope(), set_based("reports"):
        assert db.session.scalars(select(venues.c.name)).all() == ["home hall"]
        assert db.session.scalars(text("SELECT name FROM venue")).all() == ["home hall"]


def test_a_room_that_is_not_listed_is_refused() -> None:
    assert "kitchen" not in SET_BASED
    with pytest.raises(LookupError), set_based("kitchen"):
        pass


def test_the_room_ends_with_its_block(houses: Houses) -> None:
    with houses.world.personas.home.scope():
        with set_based("reports"):
            pass
        with pytest.raises(Unfilterable):
            db.session.execute(text("SELECT 1"))


OUTSIDE: dict[str, Callable[[], Any]] = {
    "select": lambda: db.session.execute(select(Venue)),
    "rows": lambda: rows(Venue),
    "the class's query": lambda: Venue.query.all(),
    "a new row": lambda: Venue(name="Nobody's"),
    "add": lambda: db.session.add(object()),
    "session": lambda: db.session(),
    "raw SQL": lambda: db.session.execute(text("SELECT 1")),
    "the scope": current_scope,
}


@pytest.mark.parametrize("ask", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_without_a_scope_everything_is_an_error(houses: Houses, ask: Callable[[], Any]) -> None:
    assert not has_scope()
    with pytest.raises(NoScope):
        ask()


def test_a_request_that_ends_without_a_scope_touches_no_session(houses: Houses) -> None:
    with houses.world.app.app_context():
        pass
    with houses.world.app.test_request_context("/"):
        assert not has_scope()


def _heard(run: Callable[[Callable[[], None]], None]) -> list[BaseException | None]:
    heard: list[BaseException | None] = []

    def ask() -> None:
        try:
            current_scope()
        except NoScope as error:
            heard.append(error)
        else:
            heard.append(None)

    run(ask)
    return heard


def _in_a_thread(ask: Callable[[], None]) -> None:
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()


@pytest.mark.parametrize("run", [_in_a_thread, lambda ask: gevent.spawn(ask).join()], ids=["thread", "greenlet"])
def test_neither_threads_nor_greenlets_inherit_the_scope(
    houses: Houses, run: Callable[[Callable[[], None]], None]
) -> None:
    with houses.world.personas.home.scope():
        assert isinstance(_heard(run)[0], NoScope)
    with houses.world.personas.home.scope():
        assert _heard(lambda ask: ask()) == [None], "the probe would hear a scope where there is one"


def test_a_nested_scope_has_a_session_of_its_own_and_gives_the_outer_one_back(houses: Houses) -> None:
    personas = houses.world.personas
    with personas.home.scope():
        outer = db.session()
        mine = rows(Venue).one()
        with personas.abroad.scope():
            assert db.session() is not outer
            assert [venue.name for venue in rows(Venue)] == ["abroad hall"]
            assert rows(Venue).one() is not mine
        assert db.session() is outer
        assert rows(Venue).one() is mine


def test_a_nested_scope_of_the_same_house_sees_nothing_that_is_not_committed(houses: Houses) -> None:
    home = houses.world.personas.home
    with home.scope():
        db.session.add(Venue(name="Not yet"))
        db.session.flush()
        with home.scope():
            assert rows(Venue).count() == 1


def test_what_nobody_committed_ends_with_the_scope(houses: Houses) -> None:
    home = houses.world.personas.home
    with home.scope():
        db.session.add(Venue(name="Forgotten"))
        db.session.flush()
    with home.scope():
        assert rows(Venue).count() == 1


def test_a_session_cannot_be_carried_into_another_houses_scope(houses: Houses) -> None:
    personas = houses.world.personas
    with personas.home.scope():
        carried = db.session()
        venue = carried.scalars(select(Venue)).one()
        with personas.abroad.scope():
            with pytest.raises(OtherScope):
                carried.execute(select(Venue))
            with pytest.raises(OtherScope):
                children(venue, Zone).with_session(carried).all()
        with no_scope(), pytest.raises(NoScope):
            carried.execute(select(Venue))
        assert carried.scalars(select(Venue)).one() is venue


def test_scopes_may_alternate_in_greenlets_at_once(houses: Houses) -> None:
    sites = (houses.home, houses.abroad)

    def visit(number: int) -> str:
        with houses.world.app.app_context(), scope(sites[number % 2].organization_id, Actor("system", None, "x")):
            first = rows(Venue).one().name
            gevent.sleep(0)
            assert db.session.scalars(select(Venue.name)).all() == [first]
            return first

    visits = [gevent.spawn(visit, number) for number in range(8)]
    gevent.joinall(visits, raise_error=True)
    assert [one.value for one in visits] == ["home hall", "abroad hall"] * 4


def test_the_setting_ends_with_its_transaction(houses: Houses) -> None:
    with psycopg.connect(houses.database.url()) as connection:
        own = str(houses.home.organization_id)
        connection.execute("SELECT set_config('app.organization_id', %s, true)", (own,))
        assert connection.execute("SELECT name FROM venue").fetchall() == [("home hall",)]
        connection.commit()
        assert connection.execute("SELECT name FROM venue").fetchall() == []
