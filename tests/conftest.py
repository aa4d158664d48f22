"""Real servers for every test: a cluster and a cache per test process, a migrated database per test."""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from tests import order
from tests.browser import bare, browser, chromium, playwright
from tests.personas import House, Personas, found
from tests.serving import leading
from voelgoed.accounts import password
from voelgoed.config import Config
from voelgoed.foundation.embedded.postgres import Postgres
from voelgoed.foundation.embedded.valkey import Valkey
from voelgoed.foundation.tenancy.roles import ensure_roles

PASSWORD = "only-for-tests"
PATIENCE = "?options=-c%20statement_timeout%3D20s%20-c%20idle_in_transaction_session_timeout%3D60s"
"""What the tests' application asks for: on a busy machine a test stops longer amid a scope than a request may."""

STRONG = password._hasher
"""Stacks hash as ever; here hundreds sign in, and a hash costs next to nothing."""
password._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
password._NOBODY = password._hasher.hash("nobody")
ROLES = ("voelgoed_app", "voelgoed_migrator", "voelgoed_report", "voelgoed_backup")
TEMPLATE = "voelgoed_template"
MASTER_KEY = bytes(range(32))
CHOICES: dict[str, tuple[Path | None, Path | None]] = {
    "embedded": (None, None),
    "distribution": (Path("/usr/lib/postgresql/15/bin"), Path("/usr/bin/redis-server")),
}
"""VOELGOED_TEST_SERVERS → binaries of PostgreSQL, of the cache."""


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give whole files to one process, the longest first."""
    return order.scheduler(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """Run more processes than there are processors: half of its time a test waits for a server or a browser."""
    processors = os.cpu_count() or 1
    return processors + (processors + 1) // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first."""
    order.sort(items)


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
            database_url=normalise(self.url() + PATIENCE),
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


MEMORY = Path("/dev/shm")
ROOM_BYTES = 3 * 2**30


@contextmanager
def roomy_folder(otherwise: Path) -> Iterator[Path]:
    """Give a folder in memory where there is room: a database of a thousand small files is cloned there in no time."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES):
        yield otherwise
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="voelgoed-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Start PostgreSQL and Valkey, and migrate the template that all databases are cloned from."""
    from voelgoed import tables
    from voelgoed.foundation.migrate import upgrade

    tables.load()
    postgres, redis = CHOICES[os.environ.get("VOELGOED_TEST_SERVERS", "embedded")]
    with (
        roomy_folder(tmp_path_factory.mktemp("servers")) as folder,
        Postgres(folder / "pg", durable=False, binaries=postgres) as cluster,
        Valkey(folder / "valkey", durable=False, binary=redis) as cache,
    ):
        ensure_roles(managed_admin(cluster), dict.fromkeys(ROLES, PASSWORD), TEMPLATE)
        running = Servers(cluster, cache)
        upgrade(running.url("voelgoed_migrator", TEMPLATE))
        yield running


_numbers = itertools.count(1)


@cache
def _admin(url: str) -> psycopg.Connection:
    """Connect as the superuser, once."""
    return psycopg.connect(url, autocommit=True)


@contextmanager
def fresh(servers: Servers, template: str = TEMPLATE) -> Iterator[Database]:
    """Clone a migrated database, and drop it at the end."""
    name = f"t{next(_numbers)}_{secrets.token_hex(3)}"
    admin = _admin(servers.postgres.superuser_url())
    admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER voelgoed_owner STRATEGY file_copy")
    yield Database(servers, name)
    admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def serving(database: Database) -> Iterator[Flask]:
    """Lead an application to a database, with its context pushed."""
    with leading(database.config()) as app:
        yield app


@dataclass(frozen=True)
class Peopled:
    """The database that those with people in them are cloned from, and who is in it."""

    name: str
    home: House
    abroad: House

    def personas(self, app: Flask) -> Personas:
        """Return the people as an application on a clone knows them."""
        return Personas(app, deepcopy(self.home), deepcopy(self.abroad))


@pytest.fixture(scope="session")
def peopled(servers: Servers) -> Iterator[Peopled]:
    """Found both organizations once: a clone of them costs less than founding them again."""
    with fresh(servers) as database:
        with serving(database) as app:
            people = found(app)
        yield Peopled(database.name, people.home, people.abroad)


@pytest.fixture
def database(servers: Servers, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give one test a fresh migrated database, with people in it if the test asks for them."""
    wants = "personas" in request.fixturenames
    with fresh(servers, request.getfixturevalue("peopled").name if wants else TEMPLATE) as made:
        yield made


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    """Give one test the application, with an application context pushed."""
    with serving(database) as made:
        yield made


@pytest.fixture(scope="module")
def world(servers: Servers, peopled: Peopled) -> Iterator[World]:
    """Two organizations shared by a module whose tests leave nothing behind."""
    with fresh(servers, peopled.name) as database, serving(database) as app:
        yield World(database, app, peopled.personas(app))


@pytest.fixture
def personas(app: Flask, peopled: Peopled) -> Personas:
    """Two organizations, each with an owner and staff, founded through the door."""
    return peopled.personas(app)


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


__all__ = ["bare", "browser", "chromium", "playwright"]
