"""The database restarts: who asks next is told so as SQLAlchemy tells it, and nobody else meets a dead connection."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from tests.conftest import Database
from tests.personas import Personas
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows

ALL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND usename = 'voelgoed_app'"


def test_one_request_fails_and_the_others_of_the_pool_are_made_anew(database: Database, personas: Personas) -> None:
    idle = [db.engine.connect() for _ in range(3)]
    for one in idle:
        one.close()
    with psycopg.connect(database.url("postgres")) as admin:
        ended = admin.execute(ALL, (database.name,)).fetchone()
    assert ended is not None
    assert ended[0] >= len(idle)
    with pytest.raises(DBAPIError) as lost, personas.home.scope():
        rows(Venue).count()
    assert lost.value.connection_invalidated
    for _ in idle:
        with personas.home.scope():
            assert rows(Venue).count() == 0
