"""Makes the database's roles, and refuses to run the application as one that sees too much."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

ROLES = Path(__file__).with_name("roles.sql")
SIGNING_IN = ("voelgoed_app", "voelgoed_migrator", "voelgoed_report", "voelgoed_backup")


class WrongRole(RuntimeError):
    """The application signed in as a role that row level security does not hold."""


def ensure_roles(admin_url: str, passwords: dict[str, str], database: str | None = None) -> None:
    """Create what is missing of the roles, set their passwords, and create the database when it is named.

    `admin_url` (postgresql://…) signs in as a role that may create roles; it need not be a superuser.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(ROLES.read_text())
        for role, password in passwords.items():
            connection.execute(_password(role, password))
        if database is not None and not _exists(connection, database):
            for statement in _making(database):
                connection.execute(statement)


def script(database: str) -> str:
    """Return the same as SQL for a person to run; each password stands as a psql variable of its role's name."""
    passwords = [f"ALTER ROLE {role} PASSWORD :'{role}';" for role in SIGNING_IN]
    making = [f"{statement.as_string(None)};" for statement in _making(database)]
    return "\n".join([ROLES.read_text(), *passwords, "", *making, ""])


def _password(role: str, password: str) -> sql.Composed:
    return sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))


def _exists(connection: psycopg.Connection, database: str) -> bool:
    return connection.execute("SELECT FROM pg_database WHERE datname = %s", (database,)).rowcount > 0


def _making(database: str) -> Iterator[sql.SQL | sql.Composed]:
    # Since PostgreSQL 16 a role that creates roles must let itself act as the owner that it hands things to.
    yield sql.SQL("GRANT voelgoed_owner TO CURRENT_USER")
    name = sql.Identifier(database)
    yield sql.SQL("CREATE DATABASE {} OWNER voelgoed_owner").format(name)
    yield sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(name)
    for role in SIGNING_IN:
        yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(role))
    yield sql.SQL("REVOKE voelgoed_owner FROM CURRENT_USER")


TOO_MUCH = """
SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (
         SELECT FROM pg_roles other
          WHERE other.rolname IN ('voelgoed_owner', 'voelgoed_door', 'voelgoed_report', 'voelgoed_backup')
            AND pg_has_role(r.oid, other.oid, 'member')) AS too_much, r.rolname
  FROM pg_roles r WHERE r.rolname = session_user
"""


def refuse_wrong_role(application_url: str) -> None:
    """Raise WrongRole for a superuser, a role past RLS, and each that is or may become one that sees more."""
    with psycopg.connect(application_url) as connection:
        row = connection.execute(TOO_MUCH).fetchone()
    if row is None or row[0]:
        name = row[1] if row else "nobody"
        raise WrongRole(f"DATABASE_URL signs in as {name}, which row level security does not hold: use voelgoed_app")
