"""Applies and writes migrations: `voelgoed db upgrade` and `voelgoed db revision`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command, op
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine

from voelgoed.foundation import schema

FIRST = '''"""{message}."""

from voelgoed.foundation.migrate import run_beside

revision = "{revision}"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, policy and trigger from the SQL beside this file."""
    run_beside(__file__)


def downgrade() -> None:
    """Refuse: a backup is the way back."""
    raise RuntimeError("restore a backup instead: a ticket that was sold cannot be unsold by a downgrade")
'''


def _config(connection: Connection | None = None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def _normal(url: str) -> str:
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)


def run_beside(migration: str) -> None:
    """Run the SQL file that lies beside a migration, as it stands: a raw cursor reads no placeholders into it."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(Path(migration).with_suffix(".sql").read_text())
    cursor.close()


@contextmanager
def _as_owner(url: str) -> Iterator[Connection]:
    engine = create_engine(_normal(url), poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET ROLE voelgoed_owner")
        connection.commit()
        yield connection


def upgrade(owner_url: str) -> None:
    """Bring the database to this version, in one transaction; a database that is there already is left alone."""
    with _as_owner(owner_url) as connection:
        command.upgrade(_config(connection), "head")


def head() -> str | None:
    """Return the newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def write_first(message: str = "The first schema") -> Path:
    """Squash all of the schema into the first migration (until version 1.0 nobody depends on older ones)."""
    versions = schema.MIGRATIONS / "versions"
    for old in versions.glob("0*"):
        old.unlink()
    body = versions / "0001_first.sql"
    body.write_text(f"{schema.tables()}\n{_stamped()}")
    body.with_suffix(".py").write_text(FIRST.format(message=message, revision="0001"))
    return body


def write_next(owner_url: str, message: str) -> Path:
    """Write the next migration: the tables' difference, and the guards whole, beside it as SQL."""
    number = f"{len(list((schema.MIGRATIONS / 'versions').glob('0*.py'))) + 1:04}"
    with _as_owner(owner_url) as connection:
        made = command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)
    if made is None or isinstance(made, list):
        raise RuntimeError("alembic wrote no revision")
    body = Path(made.path).with_suffix(".sql")
    body.write_text(_stamped())
    return body


def _stamped() -> str:
    lines = (
        schema.guards(),
        "CREATE TABLE IF NOT EXISTS schema_stamp (hash text NOT NULL);",
        "GRANT SELECT ON schema_stamp, alembic_version TO voelgoed_app, voelgoed_report, voelgoed_backup;",
        "DELETE FROM schema_stamp;",
        f"INSERT INTO schema_stamp VALUES ('{schema.stamp()}');",  # noqa: S608
        "",
    )
    return "\n".join(lines)
