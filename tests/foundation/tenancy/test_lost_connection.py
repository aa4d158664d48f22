"""The database restarts: who asks next is told so as SQLAlchemy tells it, and nobody else meets a dead connection."""

from __future__ import annotations

from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from tests.conftest import Database
from tests.personas import Personas
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.driver import send

ALL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND usename = 'voelgoed_app'"


def end_all(database: Database) -> int:
    """End every connection of the application, as a restart does; returns how many these were."""
    with psycopg.connect(database.url("postgres")) as admin:
        ended = admin.execute(ALL, (database.name,)).fetchone()
    assert ended is not None
    return int(ended[0])


def test_one_request_fails_and_the_others_of_the_pool_are_made_anew(database: Database, personas: Personas) -> None:
    idle = [db.engine.connect() for _ in range(3)]
    for one in idle:
        one.close()
    assert end_all(database) >= len(idle)
    with pytest.raises(DBAPIError) as lost, personas.home.scope():
        rows(Venue).count()
    assert lost.value.connection_invalidated
    for _ in idle:
        with personas.home.scope():
            assert rows(Venue).count() == 0


def lost_amid_a_statement(database: Database, personas: Personas) -> None:
    """Lose the connection under a statement that passes SQLAlchemy by, while others lie in the pool; then ask again."""
    idle = [db.engine.connect() for _ in range(3)]
    for one in idle:
        one.close()
    with personas.home.scope():
        session = db.session()
        driver = session.connection().connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        end_all(database)
        with pytest.raises(DBAPIError) as lost:
            send(session, driver, b"SELECT 1", {})
        assert lost.value.connection_invalidated
    with ExitStack() as held:
        for one in [held.enter_context(db.engine.connect()) for _ in idle]:  # at once, so each of the pool is asked
            assert one.exec_driver_sql("SELECT 1").scalar() == 1


def test_what_passes_sqlalchemy_by_tells_the_pool_too(database: Database, personas: Personas) -> None:
    lost_amid_a_statement(database, personas)


def test_a_pool_that_is_not_told_fails_whoever_asks_next(
    database: Database, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the others of the pool are not made anew."""
    monkeypatch.setattr(db.engine.pool, "_invalidate", lambda *_told: None)
    with pytest.raises(DBAPIError):
        lost_amid_a_statement(database, personas)
    db.engine.dispose()
