"""Two houses with a venue, a zone and a gate each, in one database for a module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import event

from tests.conftest import Database, World
from tests.personas import House
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import filter as orm_filter


@dataclass(frozen=True)
class Site:
    """The ids of one house's venue, zone and gate."""

    organization_id: UUID
    venue_id: UUID
    zone_id: UUID
    gate_id: UUID


@dataclass(frozen=True)
class Houses:
    """Our house and the outsiders', each with its site."""

    world: World
    home: Site
    abroad: Site

    @property
    def database(self) -> Database:
        """The database that both are in."""
        return self.world.database


def build(house: House) -> Site:
    """Give a house a venue, a zone and a gate."""
    with house.scope():
        venue = Venue(name=f"{house.slug} hall")
        zone = Zone(venue_id=venue.id, name=f"{house.slug} floor", capacity=100)
        gate = Gate(venue_id=venue.id, into_id=zone.id, name=f"{house.slug} door")
        for row in (venue, zone, gate):
            db.session.add(row)
            db.session.flush()
        commit()
        return Site(house.organization_id, venue.id, zone.id, gate.id)


@pytest.fixture(scope="module")
def houses(world: World) -> Houses:
    """Two houses, each with a site."""
    return Houses(world, build(world.personas.home), build(world.personas.abroad))


@contextmanager
def without_policies(database: Database) -> Iterator[None]:
    """Take the wall of the database down: the application sees every row of the catalogue."""
    _security(database, "DISABLE")
    try:
        yield
    finally:
        _security(database, "ENABLE")


def _security(database: Database, word: str) -> None:
    with psycopg.connect(database.url("postgres"), autocommit=True) as admin:
        for table in ("venue", "zone", "gate"):
            admin.execute(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY")


@contextmanager
def without_filter() -> Iterator[None]:
    """Take the wall of the ORM down."""
    event.remove(db.session, "do_orm_execute", orm_filter._filter)
    try:
        yield
    finally:
        event.listen(db.session, "do_orm_execute", orm_filter._filter)
