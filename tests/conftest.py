"""Real servers for every test: a cluster and a cache per test process, a migrated database per test."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.browser import browser, chromium, playwright
from tests.personas import Personas, found
from voelgoed import create_app
from voelgoed.config import Config
from voelgoed.foundation.embedded.postgres import Postgres
from voelgoed.foundation.embedded.valkey import Valkey
from voelgoed.foundation.tenancy.roles import ensure_roles

PASSWORD = "only-for-tests"
ROLES = ("voelgoed_app", "voelgoed_migrator", "voelgoed_report", "voelgoed_backup")
TEMPLATE = "voelgoed_template"
MASTER_KEY = bytes(range(32))
CHOICES: dict[str, tuple[Path | None, Path | None]] = {
    "embedded": (None, None),
    "distribution": (Path("/usr/lib/postgresql/15/bin"), Path("/usr/bin/redis-server")),
}
"""VOELGOED_TEST_SERVERS → binaries of PostgreSQL, of the cache."""


@dataclass(frozen=True)
class Servers:
    """The cluster and the cache of this test process."""

    postgres: Postgres
    valkey: Valkey

    def url(self, role: str, database: str) -> str:
        """Return the address of a database for a role."""
        return self.postgres.url(role, database, None if role == "postgres" else PASSWORD)


@dataclass(frozen=True)
class Database:
    """One migrated database of its own."""

    servers: Servers
    name: str

    def url(self, role: str = "voelgoed_app") -> str:
        """Return its address for a role (libpq style); `postgres` is the superuser."""
        if role == "postgres":
            return self.servers.postgres.superuser_url(self.name)
        return self.servers.url(role, self.name)

    def config(self, **changes: object) -> Config:
        """Return settings for an application on this database."""
        from dataclasses import replace

        from voelgoed.config import normalise

        plain = Config(
            database_url=normalise(self.url()),
            database_owner_url=normalise(self.url("voelgoed_migrator")),
            database_report_url=normalise(self.url("voelgoed_report")),
            secret_key="s" * 40,
            redis_url=self.servers.valkey.url,
            master_keys=(MASTER_KEY,),
        )
        return replace(plain, **changes)  # type: ignore[arg-type]


def managed_admin(cluster: Postgres) -> str:
    """Make the role that a managed server gives its customer: it may make roles and databases, and is no superuser."""
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE customer LOGIN CREATEROLE CREATEDB NOSUPERUSER PASSWORD '{PASSWORD}'")
    return cluster.url("customer", "postgres", PASSWORD)


@dataclass(frozen=True)
class World:
    """A database, the application on it, and its two organizations."""

    database: Database
    app: Flask
    personas: Personas


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Start PostgreSQL and Valkey, and migrate the template that all databases are cloned from."""
    from voelgoed import tables
    from voelgoed.foundation.migrate import upgrade

    tables.load()
    folder = tmp_path_factory.mktemp("servers")
    postgres, redis = CHOICES[os.environ.get("VOELGOED_TEST_SERVERS", "embedded")]
    with (
        Postgres(folder / "pg", durable=False, binaries=postgres) as cluster,
        Valkey(folder / "valkey", durable=False, binary=redis) as cache,
    ):
        ensure_roles(managed_admin(cluster), dict.fromkeys(ROLES, PASSWORD), TEMPLATE)
        running = Servers(cluster, cache)
        upgrade(running.url("voelgoed_migrator", TEMPLATE))
        yield running


_numbers = itertools.count(1)


@contextmanager
def fresh(servers: Servers) -> Iterator[Database]:
    """Clone a migrated database, and drop it at the end."""
    name = f"t{next(_numbers)}_{secrets.token_hex(3)}"
    with psycopg.connect(servers.postgres.superuser_url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER voelgoed_owner")
    yield Database(servers, name)
    with psycopg.connect(servers.postgres.superuser_url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def serving(database: Database) -> Iterator[Flask]:
    """Make an application on a database, with an application context pushed."""
    from voelgoed.accounts.visitor import organization_of
    from voelgoed.foundation.database import db

    made = create_app(database.config())
    made.testing = True
    organization_of.cache.clear()  # it remembers the slugs of the database before
    with made.app_context():
        yield made
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def database(servers: Servers) -> Iterator[Database]:
    """Give one test a fresh migrated database."""
    with fresh(servers) as made:
        yield made


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    """Give one test the application, with an application context pushed."""
    with serving(database) as made:
        yield made


@pytest.fixture(scope="module")
def world(servers: Servers) -> Iterator[World]:
    """Two organizations shared by a module whose tests leave nothing behind."""
    with fresh(servers) as database, serving(database) as app:
        yield World(database, app, found(app))


@pytest.fixture
def personas(app: Flask) -> Personas:
    """Two organizations, each with an owner and staff, founded through the door."""
    return found(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client without a sign-in."""
    return app.test_client()


@pytest.fixture
def organization(personas: Personas) -> UUID:
    """Return the first organization's id."""
    return personas.home.organization_id


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Return a folder for pictures of pages."""
    return tmp_path


__all__ = ["browser", "chromium", "playwright"]
