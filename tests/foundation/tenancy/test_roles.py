"""The application starts as nobody else than the application, and on no other schema than its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest

from tests.conftest import PASSWORD, Database
from voelgoed import create_app
from voelgoed.config import normalise
from voelgoed.foundation.schema import SchemaDiffers
from voelgoed.foundation.tenancy.roles import WrongRole, refuse_wrong_role


@contextmanager
def a_role(database: Database, options: str = "", member_of: str | None = None) -> Iterator[str]:
    """Make a role that signs in; answers its address."""
    name = f"r_{secrets.token_hex(4)}"
    with psycopg.connect(database.url("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' {options}")
        admin.execute(f"GRANT CONNECT ON DATABASE {database.name} TO {name}")
        if member_of:
            admin.execute(f"GRANT {member_of} TO {name}")
        yield database.servers.url(name, database.name)
        admin.execute(f"DROP OWNED BY {name}")
        admin.execute(f"DROP ROLE {name}")


def _start(database: Database, url: str) -> None:
    create_app(replace(database.config(), database_url=normalise(url)))


@pytest.mark.parametrize("role", ["postgres", "voelgoed_migrator", "voelgoed_report", "voelgoed_backup"])
def test_it_refuses_to_start_as_a_role_that_sees_too_much(database: Database, role: str) -> None:
    with pytest.raises(WrongRole, match="use voelgoed_app"):
        _start(database, database.url(role))


@pytest.mark.parametrize("options", ["SUPERUSER", "BYPASSRLS"])
def test_it_refuses_a_role_past_row_level_security(database: Database, options: str) -> None:
    with a_role(database, options) as url, pytest.raises(WrongRole):
        _start(database, url)


@pytest.mark.parametrize("group", ["voelgoed_owner", "voelgoed_door", "voelgoed_report", "voelgoed_migrator"])
def test_it_refuses_a_role_that_may_become_another(database: Database, group: str) -> None:
    with a_role(database, "NOINHERIT", group) as url, pytest.raises(WrongRole):
        _start(database, url)


def test_it_starts_as_the_application_and_as_a_member_of_it(database: Database) -> None:
    refuse_wrong_role(database.url())
    with a_role(database, "", "voelgoed_app") as url:
        refuse_wrong_role(url)


def test_it_refuses_another_schema(database: Database) -> None:
    with psycopg.connect(database.url("postgres"), autocommit=True) as admin:
        admin.execute("UPDATE schema_stamp SET hash = 'of last week'")
    with pytest.raises(SchemaDiffers, match="voelgoed db upgrade"):
        _start(database, database.url())


def test_it_refuses_a_database_that_was_never_migrated(database: Database) -> None:
    with psycopg.connect(database.url("postgres"), autocommit=True) as admin:
        admin.execute("DROP TABLE schema_stamp")
    with pytest.raises(SchemaDiffers):
        _start(database, database.url())
