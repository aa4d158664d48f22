"""The set-up on one's own servers: PostgreSQL 15 where the distribution has it, by a role that is no superuser."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.foundation.embedded.living import until
from voelgoed.foundation.embedded import Postgres, Valkey
from voelgoed.foundation.embedded.port import free_port

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
ROLES = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "migrator", "DATABASE_REPORT_URL": "report"}

pytestmark = [pytest.mark.slow, pytest.mark.deep]


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    binaries = DEBIAN_15 if DEBIAN_15.is_dir() else None
    with Postgres(tmp_path_factory.mktemp("own"), durable=False, binaries=binaries) as server:
        yield server


@pytest.fixture(scope="module")
def environ(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the operator of such a server writes down."""
    with psycopg.connect(postgres.superuser_url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE cloud LOGIN CREATEROLE CREATEDB PASSWORD 'managed'")
    urls = {name: postgres.url(f"voelgoed_{role}", "tickets", secrets.token_urlsafe()) for name, role in ROLES.items()}
    with Valkey(tmp_path_factory.mktemp("cache"), durable=False) as valkey:
        yield {
            **os.environ,
            **urls,
            "DATABASE_ADMIN_URL": postgres.url("cloud", "postgres", "managed"),
            "REDIS_URL": valkey.url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "VOELGOED_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }


def voelgoed(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voelgoed", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def prepared(environ: dict[str, str]) -> dict[str, str]:
    """The same, after the two commands that prepare the database."""
    for command in ("roles", "upgrade", "roles", "upgrade"):  # each may be run again
        done = voelgoed(environ, "db", command)
        assert done.returncode == 0, done.stderr
    return environ


def test_roles_are_made_by_one_that_is_no_superuser(postgres: Postgres, prepared: dict[str, str]) -> None:
    with psycopg.connect(postgres.superuser_url()) as connection:
        ours = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname ~ '^(voelgoed_|cloud)' AND (rolsuper OR rolbypassrls)"
        )
        assert ours.fetchall() == []
    with psycopg.connect(prepared["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT session_user").fetchone() == ("voelgoed_app",)


def test_web_worker_and_sweeper_run_and_end_on_sigterm(prepared: dict[str, str]) -> None:
    port = free_port()
    commands = (["web", "--port", str(port), "--workers", "1"], ["worker", "checkout"], ["sweep"])
    needed = {key: value for key, value in prepared.items() if key not in ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL")}
    running = [subprocess.Popen([sys.executable, "-m", "voelgoed", *one], env=needed) for one in commands]
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/readyz") == 200)
        until(lambda: psutil.Process(running[1].pid).children())
        assert [one.poll() for one in running] == [None, None, None]
    finally:
        for one in running:
            one.send_signal(signal.SIGTERM)
        ended = [one.wait(60) for one in running]
    assert ended == [0, 0, -signal.SIGTERM]


def answers(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
