"""One entry for each changed row and statement, by every path; none for what was not changed (invariant A1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from tests.conftest import World
from tests.foundation.audit.conftest import Trail, saved_venue
from voelgoed.catalog.venue import Venue, Zone
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import rows, set_based

table: Any = Venue.__table__


def _said(entries: list[Any]) -> list[tuple[str, str]]:
    return [(entry.action, entry.object) for entry in entries]


def _in_the_unit_of_work(one: Venue, two: Venue) -> None:
    for venue in rows(Venue).filter(Venue.id.in_([one.id, two.id])):
        venue.name = f"{venue.name} again"


def _in_bulk(one: Venue, two: Venue) -> None:
    db.session.execute(update(Venue).where(Venue.id.in_([one.id, two.id])).values(address="moved"))


def _by_the_query(one: Venue, two: Venue) -> None:
    rows(Venue).filter(Venue.id.in_([one.id, two.id])).update({"address": "moved by query"})


def _in_core(one: Venue, two: Venue) -> None:
    with set_based("reports"):
        db.session.execute(update(table).where(table.c.id.in_([one.id, two.id])).values(address="moved by core"))


def _in_raw_sql(one: Venue, two: Venue) -> None:
    with set_based("reports"):
        db.session.execute(text("UPDATE venue SET address = 'raw' WHERE id = ANY (:ids)"), {"ids": [one.id, two.id]})


def _by_the_connection(one: Venue, two: Venue) -> None:
    moved = text("UPDATE venue SET address = 'connection' WHERE id = ANY (:ids)")
    db.session.connection().execute(moved, {"ids": [one.id, two.id]})


def _by_mappings(one: Venue, two: Venue) -> None:
    key = {"organization_id": one.organization_id}
    db.session.bulk_update_mappings(
        Venue.__mapper__, [{**key, "id": one.id, "address": "m"}, {**key, "id": two.id, "address": "m"}]
    )


CHANGES: list[Callable[[Venue, Venue], None]] = [
    _in_the_unit_of_work, _in_bulk, _by_the_query, _in_core, _in_raw_sql, _by_the_connection, _by_mappings,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_each_changed_row_has_one_entry(world: World, trail: Trail, change: Callable[[Venue, Venue], None]) -> None:
    one, two = saved_venue(world, f"One {uuid7()}"), saved_venue(world, f"Two {uuid7()}")

    def deed() -> None:
        with world.personas.home.scope("manager"):
            change(one, two)
            commit()

    entries = trail.added_by(deed)
    assert sorted(entry.object_id for entry in entries) == sorted([one.id, two.id])
    assert _said(entries) == [("changed", "venue")] * 2
    for entry in entries:
        ((old, new),) = entry.changes.values()
        assert old != new
        assert entry.organization_id == world.personas.home.organization_id
        assert (entry.actor_kind, entry.actor_id) == ("user", world.personas.home.people["manager"])


def _inserted_by(way: str, made: list[dict[str, Any]]) -> None:
    ways: dict[str, Callable[[], object]] = {
        "unit of work": lambda: db.session.add_all([Venue(**values) for values in made]),
        "bulk": lambda: db.session.execute(insert(Venue), made),
        "bulk_save_objects": lambda: db.session.bulk_save_objects([Venue(**values) for values in made]),
        "core": lambda: db.session.execute(insert(table), made),
    }
    with set_based("reports"):
        ways[way]()


@pytest.mark.parametrize("way", ["unit of work", "bulk", "bulk_save_objects", "core"])
def test_each_new_row_has_one_entry(world: World, trail: Trail, way: str) -> None:
    own = world.personas.home.organization_id
    made = [{"id": uuid7(), "organization_id": own, "name": f"{way} {number}"} for number in range(3)]

    def deed() -> None:
        with world.personas.home.scope():
            _inserted_by(way, made)
            commit()

    entries = trail.added_by(deed)
    assert _said(entries) == [("created", "venue")] * 3
    assert {entry.object_id for entry in entries} == {values["id"] for values in made}
    assert all(entry.changes["name"] == [None, f"{way} {number}"] for number, entry in enumerate(
        sorted(entries, key=lambda entry: str(entry.changes["name"]))))  # fmt: skip


@pytest.mark.parametrize("way", ["unit of work", "bulk", "raw"])
def test_each_deleted_row_has_one_entry_with_what_it_was(world: World, trail: Trail, way: str) -> None:
    venue = saved_venue(world, f"Doomed {uuid7()}")

    def deed() -> None:
        with world.personas.home.scope(), set_based("reports"):
            if way == "unit of work":
                db.session.delete(rows(Venue).get(venue.id))
            elif way == "bulk":
                db.session.execute(delete(Venue).where(Venue.id == venue.id))
            else:
                db.session.execute(text("DELETE FROM venue WHERE id = :id"), {"id": venue.id})
            commit()

    (entry,) = trail.added_by(deed)
    assert (entry.action, entry.object_id) == ("deleted", venue.id)
    assert entry.changes["name"] == [venue.name, None]


def test_what_a_foreign_key_changes_in_passing_is_recorded(world: World, trail: Trail) -> None:
    venue = saved_venue(world, f"Tree {uuid7()}")
    with world.personas.home.scope():
        parent = Zone(venue_id=venue.id, name="Parent", capacity=1)
        db.session.add(parent)
        db.session.flush()
        child = Zone(venue_id=venue.id, name="Child", capacity=1, parent_id=parent.id)
        db.session.add(child)
        commit()

    def deed() -> None:
        with world.personas.home.scope():
            db.session.execute(delete(Zone).where(Zone.id == parent.id))
            commit()

    entries = {entry.object_id: entry for entry in trail.added_by(deed)}
    assert entries[parent.id].action == "deleted"
    assert entries[child.id].action == "changed"
    assert entries[child.id].changes == {"parent_id": [str(parent.id), None]}
    assert len(entries) == 2


def test_an_upsert_leaves_one_entry_for_each_of_its_halves(world: World, trail: Trail) -> None:
    old = saved_venue(world, f"Old {uuid7()}")
    fresh_id = uuid7()
    both = [
        {"id": old.id, "organization_id": old.organization_id, "name": "Renamed", "timezone": "UTC"},
        {"id": fresh_id, "organization_id": old.organization_id, "name": f"New {fresh_id}", "timezone": "UTC"},
    ]

    def deed() -> None:
        with world.personas.home.scope(), set_based("reports"):
            merged = upsert(table).values(both)
            db.session.execute(merged.on_conflict_do_update(
                index_elements=["organization_id", "id"], set_={"name": merged.excluded.name}))  # fmt: skip
            commit()

    entries = {entry.object_id: entry for entry in trail.added_by(deed)}
    assert entries[old.id].action == "changed"
    assert entries[old.id].changes == {"name": [old.name, "Renamed"]}
    assert entries[fresh_id].action == "created"
    assert len(entries) == 2


@pytest.mark.parametrize("role", ["voelgoed_migrator", "postgres"])
def test_psql_is_recorded_as_the_database_user(world: World, trail: Trail, role: str) -> None:
    venue = saved_venue(world, f"By hand {uuid7()}")

    def deed() -> None:
        with psycopg.connect(world.database.url(role), autocommit=True) as by_hand:
            if role != "postgres":
                by_hand.execute("SET ROLE voelgoed_owner")
            by_hand.execute("UPDATE venue SET address = 'by hand' WHERE id = %s", (venue.id,))

    (entry,) = trail.added_by(deed)
    assert entry.organization_id == world.personas.home.organization_id
    assert (entry.actor_kind, entry.actor_id, entry.actor_label) == ("database", None, role)
    assert entry.changes == {"address": [None, "by hand"]}


@contextmanager
def without_trigger(world: World) -> Iterator[None]:
    """Take away what records changes of venues."""
    with psycopg.connect(world.database.url("postgres"), autocommit=True) as admin:
        admin.execute("ALTER TABLE venue DISABLE TRIGGER audit_update")
        try:
            yield
        finally:
            admin.execute("ALTER TABLE venue ENABLE TRIGGER audit_update")


@pytest.mark.parametrize("change", CHANGES)
def test_without_the_trigger_the_probe_sees_that_nothing_is_recorded(
    world: World, trail: Trail, change: Callable[[Venue, Venue], None]
) -> None:
    one, two = saved_venue(world, f"One {uuid7()}"), saved_venue(world, f"Two {uuid7()}")

    def deed() -> None:
        with world.personas.home.scope():
            change(one, two)
            commit()

    with without_trigger(world):
        assert trail.added_by(deed) == []
