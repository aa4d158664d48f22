"""The commands of one's own servers, as processes: the worker works, the sweeper sweeps, the shell sees one house."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from uuid import UUID

import psutil
import psycopg
import pytest
from flask import Flask

from tests.conftest import MASTER_KEY, Database
from tests.foundation.embedded.living import living, until
from tests.personas import Personas
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.outbox import enqueue

HARMLESS = "voelgoed.foundation.clock.now"

pytestmark = pytest.mark.slow

Start = Callable[..., "subprocess.Popen[str]"]


def environ(database: Database) -> dict[str, str]:
    config = database.config()
    ours = {
        "DATABASE_URL": config.database_url,
        "REDIS_URL": str(config.redis_url),
        "SECRET_KEY": config.secret_key,
        "VOELGOED_KEYS": urlsafe_b64encode(MASTER_KEY).decode(),
    }
    return {**os.environ, **ours}


@pytest.fixture
def start(database: Database) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "voelgoed", *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running.append(subprocess.Popen(command, env=environ(database), text=True, **pipes))
        return running[-1]

    yield begin
    for one in running:
        one.kill()
        one.communicate()


def is_done(database: Database, row: UUID) -> bool:
    with psycopg.connect(database.url("postgres")) as connection:
        found = connection.execute("SELECT done_at FROM outbox_row WHERE id = %s", (row,)).fetchone()
    return found is not None and found[0] is not None


def ask_for_work(personas: Personas) -> UUID:
    with personas.home.scope():
        row = enqueue("maintenance", HARMLESS)
        commit()
    return row.id


def forks(process: subprocess.Popen[str], expected: int) -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    until(lambda: len(parent.children()) == expected)
    return parent.children()


def test_a_worker_does_what_was_asked_also_after_it_was_killed(
    app: Flask, personas: Personas, database: Database, start: Start
) -> None:
    worker = start("worker", "maintenance")
    first = ask_for_work(personas)
    until(lambda: is_done(database, first))
    (fork,) = forks(worker, 1)
    fork.kill()
    assert living([fork]) == []
    # What the cache hands to the dead one's connection is the sweeper's to find; the dead one is a child until it is
    # waited for.
    until(lambda: all(one.pid != fork.pid for one in forks(worker, 1)))
    second = ask_for_work(personas)
    until(lambda: is_done(database, second))
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=60)
    assert (worker.returncode, "worker 1 (maintenance) ended with status -9" in said) == (0, True)


def test_forks_share_a_parent_without_connections_and_end_with_it(app: Flask, start: Start) -> None:
    worker = start("worker", "checkout", "charges", "--sweep")
    family = forks(worker, 3)
    until(lambda: all(one.net_connections("tcp") for one in family))
    assert psutil.Process(worker.pid).net_connections("tcp") == []
    worker.kill()
    assert living(family) == []


def test_the_shell_sees_one_house(app: Flask, personas: Personas, start: Start) -> None:
    shell = start("shell", "--organization", personas.home.slug)
    question = (
        "from voelgoed.accounts.membership import Membership\n"
        "print({row.organization_id.hex for row in rows(Membership).all()})\n"
    )
    said, errors = shell.communicate(question, timeout=120)
    assert (shell.returncode, personas.home.organization_id.hex in said) == (0, True), errors
    assert personas.abroad.organization_id.hex not in said


@pytest.mark.deep
def test_the_shell_knows_no_house_of_that_name(app: Flask, start: Start) -> None:
    shell = start("shell", "--organization", "nowhere")
    _, errors = shell.communicate(timeout=120)
    assert (shell.returncode, errors) == (1, "Error: There is no organization 'nowhere'.\n")
