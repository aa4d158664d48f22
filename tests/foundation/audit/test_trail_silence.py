"""What was not changed in the end leaves no entry; what was leaves it to its own house."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from tests.conftest import World
from tests.foundation.audit.conftest import Trail, saved_venue
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import set_based


def test_what_is_rolled_back_leaves_nothing(world: World, trail: Trail) -> None:
    def deed() -> None:
        with world.personas.home.scope():
            db.session.add(Venue(name="Never"))
            db.session.flush()
            rollback()
        with world.personas.home.scope():
            db.session.add(Venue(name="Forgotten"))
            db.session.flush()

    assert trail.added_by(deed) == []


def test_only_what_survives_a_savepoint_is_recorded(world: World, trail: Trail) -> None:
    def deed() -> None:
        with world.personas.home.scope():
            db.session.add(Venue(name=f"Kept {uuid7()}"))
            with db.session.begin_nested() as nested:
                db.session.add(Venue(name="Dropped"))
                db.session.flush()
                nested.rollback()
            commit()

    (entry,) = trail.added_by(deed)
    assert entry.changes["name"][1].startswith("Kept")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE venue SET name = name WHERE id = :id",
        "UPDATE venue SET updated_at = now() WHERE id = :id",
        "UPDATE venue SET name = 'x' WHERE false AND id = :id",
    ],
)
def test_a_change_that_changes_nothing_leaves_nothing(world: World, trail: Trail, statement: str) -> None:
    venue = saved_venue(world, f"Still {uuid7()}")

    def deed() -> None:
        with world.personas.home.scope(), set_based("reports"):
            db.session.execute(text(statement), {"id": venue.id})
            commit()

    assert trail.added_by(deed) == []


def test_several_statements_leave_one_entry_each(world: World, trail: Trail) -> None:
    venue = saved_venue(world, f"Twice {uuid7()}")

    def deed() -> None:
        with world.personas.home.scope():
            for address in ("first", "second"):
                db.session.execute(update(Venue).where(Venue.id == venue.id).values(address=address))
            commit()

    entries = trail.added_by(deed)
    assert [entry.changes["address"] for entry in entries] == [[None, "first"], ["first", "second"]]
    assert len({entry.transaction for entry in entries}) == 1


def test_each_house_reads_its_own_trail_only(world: World) -> None:
    home, abroad = world.personas.home, world.personas.abroad
    saved_venue(world, f"Ours {uuid7()}")
    with home.scope():
        ours = db.session.scalars(select(AuditEntry.id)).all()
        assert ours
    with abroad.scope():
        theirs = db.session.scalars(select(AuditEntry.id)).all()
        assert theirs
    assert not set(ours) & set(theirs)
