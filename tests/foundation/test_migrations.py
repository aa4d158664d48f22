"""What is stored is what is declared; the next migration is written from the difference."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Index, NullPool, create_engine

from tests.conftest import Database, World
from voelgoed.config import normalise
from voelgoed.foundation import migrate, schema
from voelgoed.foundation.database import db


def _differences(url: str) -> list[Any]:
    engine = create_engine(normalise(url), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def _stamp(database: Database) -> str:
    with psycopg.connect(database.url()) as connection:
        row = connection.execute("SELECT hash FROM schema_stamp").fetchone()
    return str(row[0]) if row else ""


def test_the_stored_schema_is_what_the_classes_declare(world: World) -> None:
    known = {("remove_table", "schema_stamp")}
    found = [one for one in _differences(world.database.url("voelgoed_migrator"))
             if (one[0], getattr(one[1], "name", None)) not in known]  # fmt: skip
    assert found == []


def test_the_comparison_sees_a_difference(database: Database) -> None:
    with psycopg.connect(database.url("postgres"), autocommit=True) as admin:
        admin.execute("ALTER TABLE venue ADD COLUMN colour text")
    found = _differences(database.url("voelgoed_migrator"))
    assert any(one[0] == "remove_column" and one[3].name == "colour" for one in found)


def test_the_stamp_of_the_database_is_the_codes(world: World) -> None:
    assert _stamp(world.database) == schema.stamp()


def test_upgrading_again_changes_nothing(database: Database) -> None:
    before = _stamp(database)
    migrate.upgrade(database.url("voelgoed_migrator"))
    assert _stamp(database) == before


def test_the_guards_may_be_applied_again(database: Database) -> None:
    with psycopg.connect(database.url("voelgoed_migrator"), autocommit=True) as owner:
        owner.execute("SET ROLE voelgoed_owner")
        owner.execute(schema.guards())  # type: ignore[arg-type]


def test_the_first_migration_is_what_the_code_would_write_today() -> None:
    stored = (schema.MIGRATIONS / "versions/0001_first.sql").read_text()
    assert stored.startswith(schema.tables()), "the classes changed: write the first migration anew"
    assert schema.guards() in stored


def test_the_next_migration_is_written_from_the_difference(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, copied, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "MIGRATIONS", copied)
    venue = db.metadata.tables["venue"]
    index = Index("ix_venue_organization_id_timezone", venue.c.organization_id, venue.c.timezone)
    try:
        body = migrate.write_next(database.url("voelgoed_migrator"), "Find by time zone")
        assert body.name == "0002_find_by_time_zone.sql"
        written = body.with_suffix(".py").read_text()
        assert "op.create_index('ix_venue_organization_id_timezone'" in written
        assert "drop" not in written
        migrate.upgrade(database.url("voelgoed_migrator"))
        assert _differences(database.url("voelgoed_migrator"))[1:] == []
        assert _stamp(database) == schema.stamp()
    finally:
        venue.indexes.discard(index)


def test_a_failing_migration_changes_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, copied, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "MIGRATIONS", copied)
    first = (copied / "versions/0001_first.py").read_text()
    second = first.replace('revision = "0001"', 'revision = "0002"').replace("= None", '= "0001"', 1)
    (copied / "versions/0002_broken.py").write_text(second)
    (copied / "versions/0002_broken.sql").write_text("ALTER TABLE venue ADD COLUMN half text; SELECT 1/0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate.upgrade(database.url("voelgoed_migrator"))
    assert not any(one[0] == "remove_column" for one in _differences(database.url("voelgoed_migrator")))
