"""Reading the trail as its owner would, past every scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from tests.conftest import Database, World
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db

Entries = list[Any]


@dataclass(frozen=True)
class Trail:
    """The whole trail of a database."""

    database: Database

    def of(self, object_id: UUID) -> Entries:
        """Return all entries about a row, oldest first."""
        with psycopg.connect(self.database.url("postgres"), row_factory=namedtuple_row) as admin:
            return admin.execute(
                "SELECT * FROM audit_entry WHERE object_id = %s ORDER BY created_at", (object_id,)
            ).fetchall()

    def count(self) -> int:
        """Return the number of entries of all organizations."""
        with psycopg.connect(self.database.url("postgres")) as admin:
            row = admin.execute("SELECT count(*) FROM audit_entry").fetchone()
        return int(row[0]) if row else 0

    def added_by(self, deed: Callable[[], object]) -> Entries:
        """Do something and return the entries that it left, oldest first."""
        before = self.count()
        deed()
        with psycopg.connect(self.database.url("postgres"), row_factory=namedtuple_row) as admin:
            return admin.execute("SELECT * FROM audit_entry ORDER BY created_at, id OFFSET %s", (before,)).fetchall()


@pytest.fixture
def trail(world: World) -> Trail:
    """Return the trail of the module's database."""
    return Trail(world.database)


def saved_venue(world: World, name: str) -> Venue:
    """Save a venue in our house."""
    with world.personas.home.scope():
        venue = Venue(name=name)
        db.session.add(venue)
        commit()
        return venue
