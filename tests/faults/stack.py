"""The real stack on a cluster and a cache of its own, as processes each of which can be killed and comes back."""

from __future__ import annotations

import os
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
from flask import Flask

from tests.conftest import MASTER_KEY, PASSWORD, ROLES, TEMPLATE, Database, Servers, managed_admin, serving
from tests.foundation.embedded.living import living, until
from tests.payments.processors import Processors
from tests.personas import Personas, found
from voelgoed import tables
from voelgoed.foundation.database import db
from voelgoed.foundation.embedded import Postgres, Valkey
from voelgoed.foundation.embedded.port import LOOPBACK, free_port
from voelgoed.foundation.embedded.process import Child
from voelgoed.foundation.migrate import upgrade
from voelgoed.foundation.tenancy.roles import ensure_roles

VICTIMS = ("web", "worker", "simulator", "postgres", "valkey")
PATIENCE = 120.0  # seconds until a process that does not answer is a failure
QUEUES = ("checkout", "charges", "maintenance")


class Stack:
    """PostgreSQL (which flushes), Valkey (which forgets), the simulator (which keeps a journal), web, workers.

    The test's own application is on the same database, with people in it.
    """

    def __init__(self, folder: Path, queues: Sequence[str] = QUEUES, **settings: str) -> None:
        self.folder, self.queues, self.settings = folder, queues, settings
        self.postgres = Postgres(folder / "pg", durable=True)
        self.valkey = Valkey(folder / "valkey", durable=False)
        self.web_port, self.simulator_port = free_port(), free_port()
        self.children: dict[str, Child] = {}
        self.app: Flask
        self.personas: Personas

    @property
    def database(self) -> Database:
        return Database(Servers(self.postgres, self.valkey), TEMPLATE)

    @property
    def web(self) -> str:
        return f"http://{LOOPBACK}:{self.web_port}"

    @property
    def simulator(self) -> str:
        return f"http://{LOOPBACK}:{self.simulator_port}"

    def environ(self) -> dict[str, str]:
        """What an operator of such servers writes down."""
        config = self.database.config()
        return {
            **os.environ, "DATABASE_URL": config.database_url, "DATABASE_REPORT_URL": str(config.database_report_url),
            "REDIS_URL": str(config.redis_url), "SECRET_KEY": config.secret_key,
            "VOELGOED_KEYS": urlsafe_b64encode(MASTER_KEY).decode(), "NO_PROXY": LOOPBACK, **self.settings,
        }  # fmt: skip

    def begin(self) -> None:
        """Start the servers, migrate, start the processes; return when all of them answer."""
        self.postgres.start()
        self.valkey.start()
        ensure_roles(managed_admin(self.postgres), dict.fromkeys(ROLES, PASSWORD), TEMPLATE)
        tables.load()
        upgrade(self.database.url("voelgoed_migrator"))
        self._run("web", "voelgoed", "web", "--port", str(self.web_port), "--workers", "1")
        self._run("worker", "voelgoed", "worker", *self.queues, "--sweep")
        self.start_simulator()
        self.wait()

    def start_simulator(self) -> None:
        """Start it on the journal that it left, if it left one."""
        data = str(self.folder / "simulator")
        self._run("simulator", "voelgoed.simulator", "--port", str(self.simulator_port), "--data", data)

    def _run(self, name: str, module: str, *arguments: str) -> None:
        command = [sys.executable, "-P", "-m", module, *arguments]
        self.children[name] = Child(command, self.folder / f"{name}.log", environ=self.environ())

    def wait(self) -> None:
        """Return when everything is there."""
        try:
            until(lambda: self._answers(f"{self.simulator}/healthz") and self._answers(f"{self.web}/readyz"), PATIENCE)
            until(lambda: len(self.processes("worker")) == len(self.queues) + 1, PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"the stack did not start: {self.logs()}") from error

    @staticmethod
    def _answers(url: str) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(url, trust_env=False, timeout=5).status_code == 200
        return False

    def processes(self, victim: str) -> list[psutil.Process]:
        """Return what dies when a victim is killed: of web and worker those who work, not who starts them again."""
        if victim in ("web", "worker"):
            return psutil.Process(self.children[victim].pid).children()
        own = self.children[victim].pid if victim == "simulator" else getattr(self, victim).pid
        first = psutil.Process(own)
        return [first, *first.children(recursive=True)]

    def kill(self, victim: str) -> None:
        """Kill a victim as a power cut would, all of its processes at once, and have it back."""
        gone = self.processes(victim)
        for one in gone:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        assert living(gone) == []
        if victim == "simulator":
            self.start_simulator()
        elif victim in ("postgres", "valkey"):
            getattr(self, victim).start()

    def forget_connections(self) -> None:
        """Have the test's own application make new ones."""
        for engine in db.engines.values():
            engine.dispose()

    def end(self) -> None:
        """Kill everything."""
        for child in self.children.values():
            child.kill()
            child.process.wait()
        self.valkey.stop()
        self.postgres.stop()

    def logs(self) -> dict[str, str]:
        """Return what every process has written to its output and errors."""
        files: Sequence[Path] = [*self.folder.glob("*.log"), self.postgres.log, self.valkey.log]
        return {str(one.relative_to(self.folder)): one.read_text(errors="replace") for one in files}


@contextmanager
def stacked(folder: Path, queues: Sequence[str] = QUEUES, **settings: str) -> Iterator[Stack]:
    """Have the stack in a folder, with two organizations and the test's application on it; `settings` come besides."""
    made = Stack(folder, queues, **settings)
    try:
        made.begin()
        with serving(made.database) as app:
            made.app, made.personas = app, found(app)
            yield made
    finally:
        made.end()


def processors_of(stack: Stack) -> Processors:
    """Return the simulator's control."""
    return Processors(stack.simulator)
