"""Writes: none reaches another organization's rows, by whatever way it is tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import delete, func, insert, literal, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.exc import StaleDataError

from tests.foundation.tenancy.conftest import Houses, Site, without_filter, without_policies
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import Actor, rows, scope, set_based
from voelgoed.foundation.tenancy.filter import ForeignRow, Unfilterable

RENAMED = "taken over"
Write = Callable[[Site], int]


def _update_all(_abroad: Site) -> int:
    return db.session.execute(update(Venue).values(name=RENAMED)).rowcount  # type: ignore[attr-defined, no-any-return]


def _update_by_id(abroad: Site) -> int:
    changed = update(Venue).where(Venue.id == abroad.venue_id).values(name=RENAMED)
    return db.session.execute(changed).rowcount + 1  # type: ignore[attr-defined, no-any-return]


def _update_by_subquery(_abroad: Site) -> int:
    changed = update(Venue).where(Venue.id.in_(select(Zone.venue_id))).values(name=RENAMED)
    return db.session.execute(changed).rowcount  # type: ignore[attr-defined, no-any-return]


def _update_returning(_abroad: Site) -> int:
    return len(db.session.scalars(update(Venue).values(name=RENAMED).returning(Venue.id)).all())


def _query_update(_abroad: Site) -> int:
    return rows(Venue).update({"name": RENAMED})


def _delete_all(_abroad: Site) -> int:
    return db.session.execute(delete(Gate)).rowcount  # type: ignore[attr-defined, no-any-return]


def _query_delete(_abroad: Site) -> int:
    return rows(Gate).delete()


WRITES: list[Write] = [
    _update_all, _update_by_id, _update_by_subquery, _update_returning, _query_update, _delete_all, _query_delete,
]  # fmt: skip
every_write = pytest.mark.parametrize("write", WRITES)


def _touched(houses: Houses, write: Write) -> int:
    with houses.world.personas.home.scope():
        return write(houses.abroad)


@every_write
def test_a_bulk_write_touches_our_rows_only_by_the_filter_alone(houses: Houses, write: Write) -> None:
    with without_policies(houses.database):
        assert _touched(houses, write) == 1


@every_write
def test_a_bulk_write_touches_our_rows_only_by_the_database_alone(houses: Houses, write: Write) -> None:
    with without_filter():
        assert _touched(houses, write) == 1


@every_write
def test_without_both_walls_the_write_touches_both_houses(houses: Houses, write: Write) -> None:
    with without_policies(houses.database), without_filter():
        assert _touched(houses, write) == 2


def test_a_foreign_row_is_refused_at_the_flush(houses: Houses) -> None:
    with houses.world.personas.home.scope():
        db.session.add(Venue(name="Smuggled", organization_id=houses.abroad.organization_id))
        with pytest.raises(ForeignRow):
            commit()


def _rename(row: Venue) -> None:
    row.name = RENAMED


@pytest.mark.parametrize("touch", [_rename, lambda row: db.session.delete(row)], ids=["update", "delete"])
def test_a_foreign_row_that_was_only_pretended_to_be_loaded_is_refused(
    houses: Houses, touch: Callable[[Venue], None]
) -> None:
    with houses.world.personas.home.scope():
        pretended = Venue(id=houses.abroad.venue_id, organization_id=houses.abroad.organization_id, name="x")
        make_transient_to_detached(pretended)
        db.session.add(pretended)
        touch(pretended)
        with pytest.raises(ForeignRow):
            commit()


def test_a_row_cannot_be_given_away(houses: Houses) -> None:
    with houses.world.personas.home.scope():
        rows(Venue).get(houses.home.venue_id).organization_id = houses.abroad.organization_id
        with pytest.raises(ForeignRow):
            db.session.flush()


def test_a_merged_foreign_row_is_refused(houses: Houses) -> None:
    with houses.world.personas.home.scope():
        db.session.merge(Venue(id=houses.abroad.venue_id, organization_id=houses.abroad.organization_id, name="x"))
        with pytest.raises(ForeignRow):
            commit()


def test_a_bulk_update_by_key_is_refused_for_it_cannot_be_filtered(houses: Houses) -> None:
    stolen = {"organization_id": houses.abroad.organization_id, "id": houses.abroad.venue_id, "name": RENAMED}
    with houses.world.personas.home.scope(), pytest.raises(Unfilterable):
        db.session.execute(update(Venue), [stolen])


def test_a_bulk_update_by_key_would_write_the_other_house_without_the_walls(houses: Houses) -> None:
    stolen = {"organization_id": houses.abroad.organization_id, "id": houses.abroad.venue_id, "name": RENAMED}
    with without_policies(houses.database), without_filter(), houses.world.personas.home.scope():
        db.session.execute(update(Venue), [stolen])
        with set_based("reports"):
            named = db.session.scalar(select(func.count()).where(Venue.name == RENAMED))
        assert named == 1


@pytest.mark.parametrize("way", ["bulk_save_objects", "bulk_insert_mappings", "insert", "core", "raw"])
def test_inserting_for_another_house_is_refused(houses: Houses, way: str) -> None:
    values = {"id": uuid7(), "organization_id": houses.abroad.organization_id, "name": "Smuggled", "timezone": "UTC"}
    raw = text("INSERT INTO venue (organization_id, id, name, timezone) VALUES (:organization_id, :id, :name, 'UTC')")
    table: Any = Venue.__table__
    ways: dict[str, Callable[[], object]] = {
        "bulk_save_objects": lambda: db.session.bulk_save_objects([Venue(**values)]),
        "bulk_insert_mappings": lambda: db.session.bulk_insert_mappings(Venue.__mapper__, [values]),
        "insert": lambda: db.session.execute(insert(Venue), [values]),
        "core": lambda: db.session.execute(insert(table), [values]),
        "raw": lambda: db.session.execute(raw, values),
    }
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with houses.world.personas.home.scope(), set_based("reports"), refused:
        ways[way]()


@pytest.mark.parametrize("way", ["bulk_update_mappings", "connection", "room"])
def test_what_the_filter_never_sees_the_database_holds(houses: Houses, way: str) -> None:
    abroad = houses.abroad
    with houses.world.personas.home.scope():
        if way == "bulk_update_mappings":
            stolen = {"organization_id": abroad.organization_id, "id": abroad.venue_id, "name": RENAMED}
            with pytest.raises(StaleDataError):
                db.session.bulk_update_mappings(Venue.__mapper__, [stolen])
            return
        statement = text("UPDATE venue SET name = 'taken over' WHERE id = :id")
        if way == "connection":
            assert db.session.connection().execute(statement, {"id": abroad.venue_id}).rowcount == 0
            return
        with set_based("reports"):
            assert db.session.execute(statement, {"id": abroad.venue_id}).rowcount == 0  # type: ignore[attr-defined]


def test_a_table_among_classes_is_held_by_the_database(houses: Houses) -> None:
    table: Any = Venue.__table__
    mixed = select(Zone.name, table.c.name).join(table, literal(True))
    with houses.world.personas.home.scope():
        assert db.session.execute(mixed).all() == [("home floor", "home hall")]
    with without_policies(houses.database), houses.world.personas.home.scope():
        assert len(db.session.execute(mixed).all()) == 2, "the probe would not see the other house"


def test_a_job_may_take_longer_than_a_request(houses: Houses) -> None:
    limit = select(
        func.current_setting("statement_timeout"), func.current_setting("idle_in_transaction_session_timeout")
    )
    own, actor = houses.home.organization_id, Actor("system", None, "a worker")
    with psycopg.connect(houses.database.url()) as connection:
        role = "select current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
        assert connection.execute(role).fetchone() == ("2s", "5s")
    with scope(own, actor, request="r-1"):
        asked_for = db.session.execute(limit).one()  # by the tests' own connections
    with scope(own, actor, job="j-1"):
        assert db.session.execute(limit).one() == ("30s", "30s") != asked_for
    with scope(own, actor, request="r-2"):
        assert db.session.execute(limit).one() == asked_for


def test_a_reference_to_another_house_is_impossible_in_the_orm(houses: Houses) -> None:
    with houses.world.personas.home.scope():
        db.session.add(Zone(venue_id=houses.abroad.venue_id, name="Annexed", capacity=1))
        with pytest.raises(IntegrityError, match="fk_zone"):
            db.session.flush()


def test_a_reference_to_another_house_is_impossible_in_raw_sql(houses: Houses) -> None:
    home, abroad = houses.home, houses.abroad
    with psycopg.connect(houses.database.url()) as connection:
        connection.execute("SELECT set_config('app.organization_id', %s, true)", (str(home.organization_id),))
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(
                "INSERT INTO zone (organization_id, id, venue_id, name, capacity) VALUES (%s, %s, %s, 'Annexed', 1)",
                (home.organization_id, uuid7(), abroad.venue_id),
            )


def test_the_key_of_a_row_cannot_change_even_as_its_owner(houses: Houses) -> None:
    with (
        psycopg.connect(houses.database.url("postgres")) as admin,
        pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="cannot change"),
    ):
        admin.execute(
            "UPDATE gate SET organization_id = %s WHERE id = %s", (houses.abroad.organization_id, houses.home.gate_id)
        )
