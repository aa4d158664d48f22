"""One's own servers: the distribution's PostgreSQL and Redis, and a customer who is no superuser."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.conftest import CHOICES, MASTER_KEY, PASSWORD, managed_admin
from tests.personas import found
from voelgoed import create_app
from voelgoed.config import Config
from voelgoed.foundation.embedded.postgres import Postgres
from voelgoed.foundation.embedded.valkey import Valkey

NAME = "evenings"

pytestmark = pytest.mark.deep


@dataclass(frozen=True)
class OwnServers:
    """What an operator was given: an admin's address, and addresses made up for the application."""

    cluster: Postgres
    binaries: Path
    admin_url: str
    settings: dict[str, str]

    def run(self, *arguments: str) -> str:
        """Run a command as the operator does; answers what it said."""
        environment = {"PATH": os.environ["PATH"], **self.settings}
        command = [sys.executable, "-m", "voelgoed", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServers]:
    """Start the distribution's servers, and make the roles and the schema by the commands."""
    postgres, redis = CHOICES["distribution"]
    assert postgres is not None
    assert redis is not None
    if not (postgres.exists() and redis.exists()):
        missing = "install postgresql-15 and redis-server to run the contracts on them"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("own")
    with (
        Postgres(folder / "pg", durable=False, binaries=postgres) as cluster,
        Valkey(folder / "redis", durable=False, binary=redis) as cache,
    ):
        admin = managed_admin(cluster)
        settings = {
            "DATABASE_ADMIN_URL": admin,
            "DATABASE_URL": cluster.url("voelgoed_app", NAME, PASSWORD),
            "DATABASE_OWNER_URL": cluster.url("voelgoed_migrator", NAME, PASSWORD),
            "DATABASE_REPORT_URL": cluster.url("voelgoed_report", NAME, PASSWORD),
            "DATABASE_BACKUP_URL": cluster.url("voelgoed_backup", NAME, PASSWORD),
            "REDIS_URL": cache.url,
            "SECRET_KEY": "s" * 40,
            "VOELGOED_KEYS": urlsafe_b64encode(MASTER_KEY).decode(),
        }
        made = OwnServers(cluster, postgres, admin, settings)
        made.run("db", "roles")
        made.run("db", "upgrade")
        yield made


def test_the_servers_are_those_of_the_distribution(own: OwnServers) -> None:
    with psycopg.connect(own.settings["DATABASE_URL"]) as connection:
        assert connection.info.server_version // 10_000 == 15


def test_the_admin_is_no_superuser_and_keeps_no_way_to_the_rows(own: OwnServers) -> None:
    url = own.admin_url.replace("/postgres", f"/{NAME}")
    with psycopg.connect(own.admin_url) as admin:
        row = admin.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()
        assert row == (False, False)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(url)


def stands(own: OwnServers) -> list[tuple[object, ...]]:
    """Return roles, their settings and memberships, the tables' owners and grants, and the schema's stamp."""
    with psycopg.connect(own.cluster.superuser_url(NAME)) as admin:
        return [row for statement in STANDS for row in admin.execute(statement)]


STANDS = (
    "SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcanlogin, s.setconfig FROM pg_roles r"
    " LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid ORDER BY r.rolname",
    "SELECT roleid::regrole::text, member::regrole::text, admin_option FROM pg_auth_members ORDER BY 1, 2",
    "SELECT relname, relowner::regrole::text, relacl::text FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace ORDER BY relname",
    "SELECT version_num FROM alembic_version",
    "SELECT * FROM schema_stamp",
)  # fmt: skip


def test_all_of_it_may_be_run_again(own: OwnServers) -> None:
    before = stands(own)
    own.run("db", "roles")
    own.run("db", "upgrade")
    assert stands(own) == before
    assert {"voelgoed_app", "voelgoed_migrator", "ticket"} <= {row[0] for row in before}


def test_the_application_starts_works_and_checks_itself(own: OwnServers) -> None:
    app = create_app(Config.read(own.settings))
    with app.app_context():
        personas = found(app)
        page = personas.client("owner").get("/healthz")
        assert page.status_code == 200
    assert own.run("check").endswith("All hold.\n")


def test_a_backup_holds_every_organizations_rows(own: OwnServers) -> None:
    url = own.settings["DATABASE_BACKUP_URL"]
    command = [str(own.binaries / "pg_dump"), "--enable-row-security", "--data-only", "--table=organization", url]
    dumped = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    assert "platform" in dumped


def test_a_backup_of_everything_is_allowed(own: OwnServers) -> None:
    command = [str(own.binaries / "pg_dump"), "--enable-row-security", own.settings["DATABASE_BACKUP_URL"]]
    dumped = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (dumped.returncode, dumped.stderr) == (0, "")
    assert "CREATE TABLE public.venue" in dumped.stdout
