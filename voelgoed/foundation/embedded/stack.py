"""What `voelgoed up` runs: the two servers, what prepares the database, and the application's programs."""

from __future__ import annotations

import json
import ssl
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from voelgoed.foundation.embedded.failure import StartError, from_log, telling_line
from voelgoed.foundation.embedded.folder import DataFolder, Secrets
from voelgoed.foundation.embedded.listening import Listening
from voelgoed.foundation.embedded.postgres import Postgres
from voelgoed.foundation.embedded.process import Child
from voelgoed.foundation.embedded.supervisor import Program, Say, Supervisor
from voelgoed.foundation.embedded.valkey import Valkey

DATABASE = "voelgoed"
READY_SECONDS = 60.0
DEATHS_BEFORE_READY = 3
LAST_WORDS = 10_000  # characters of a log
# The web and the workers never need these: an owner's password that they do not hold cannot leak from them.
FOR_COMMANDS_ONLY = ("DATABASE_OWNER_URL",)


class Stack:
    """One running system on a data folder; leave it by `stop`."""

    def __init__(self, folder: DataFolder, listening: Listening, say: Say, durable: bool = True) -> None:
        self._folder = folder
        self._listening = listening
        self._say = say
        self._supervisor = Supervisor(say)
        self.postgres = Postgres(folder.path / "postgres", durable=durable)
        self.valkey = Valkey(folder.path / "valkey", durable=durable)

    def start_servers(self) -> None:
        """Start PostgreSQL and Valkey."""
        self._say(f"starting PostgreSQL and Valkey in {self._folder.path}")
        self._supervisor.start(self.postgres, self.valkey)

    def environ(self, base: Mapping[str, str], demo: bool) -> dict[str, str]:
        """Return the settings that reach this system, over those of `base`."""
        drawn = self._folder.secrets()
        ours = {
            "DATABASE_URL": self._url(drawn, "voelgoed_app"),
            "DATABASE_OWNER_URL": self._url(drawn, "voelgoed_migrator"),
            "DATABASE_REPORT_URL": self._url(drawn, "voelgoed_report"),
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": drawn.secret_key,
            "VOELGOED_KEYS": drawn.master_key,
            "VOELGOED_PUBLIC_URL": self._listening.public_url,
            "VOELGOED_DATA": str(self._folder.path),
            "VOELGOED_DEMO": "1" if demo else "",
            "VOELGOED_DEMO_BUTTONS": "1" if demo and self._listening.is_private else "",
        }
        self._folder.publish(ours)
        return {**base, **ours}

    def prepare(self, command: Sequence[str], environ: Mapping[str, str]) -> Iterator[str]:
        """Run the command that prepares the database and yield what it says; `StartError` if it fails."""
        log = self._folder.logs / "prepare.log"
        said_before = log.stat().st_size if log.exists() else 0
        superuser = {"superuser_url": self.postgres.superuser_url(), "database": DATABASE}
        told = json.dumps({**superuser, "passwords": self._folder.secrets().passwords}).encode()
        child = Child(command, log, environ=environ, stdin=told, capture=True)
        try:
            yield from _lines(child)
            if child.process.wait():
                raise from_log("The database could not be prepared", self._folder.path, _since(log, said_before))
        finally:
            child.kill()
            child.process.wait()

    def start_programs(self, programs: Mapping[str, Sequence[str]], environ: Mapping[str, str]) -> None:
        """Start the application's programs together; they get no setting that is for commands only."""
        needed = {key: value for key, value in environ.items() if key not in FOR_COMMANDS_ONLY}
        self._say(f"starting {', '.join(programs)}")
        started = [Program(name, line, self._folder.logs, needed) for name, line in programs.items()]
        self._supervisor.start(*started)

    def wait_until_ready(self, path: str = "/readyz") -> None:
        """Return once the web answers; `StartError` when it does not, or when a program cannot live."""
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(self._listening.local_url + path):
            self._supervisor.look()
            dead = [name for name, ends in self._supervisor.deaths().items() if ends >= DEATHS_BEFORE_READY]
            if dead or time.monotonic() > deadline:
                raise self._not_ready(dead[0] if dead else "web")
            time.sleep(0.05)

    def watch(self) -> NoReturn:
        """Keep everything running until an exception (a signal) ends the watch."""
        self._supervisor.watch()

    def stop(self) -> None:
        """End everything within ten seconds."""
        self._supervisor.stop()

    def _url(self, drawn: Secrets, role: str) -> str:
        return self.postgres.url(role, DATABASE, drawn.passwords[role])

    def _not_ready(self, name: str) -> StartError:
        log = self._folder.logs / f"{name}.log"
        said = log.read_text(encoding="utf-8", errors="replace")[-LAST_WORDS:] if log.exists() else ""
        return StartError(f"{name} did not become ready: {telling_line(said)} (see {log})")


def _lines(child: Child) -> Iterator[str]:
    assert child.process.stdout is not None  # it was started with capture
    for line in child.process.stdout:
        yield line.decode(errors="replace").rstrip("\n")


def _since(log: Path, offset: int) -> str:
    with log.open("rb") as file:
        file.seek(offset)
        return file.read().decode(errors="replace")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A question about health that is sent elsewhere was not answered."""

    def redirect_request(self, *_: object) -> None:
        return None


def _answers(url: str) -> bool:
    # The certificate names the public address, not this one; only ourselves are asked here.
    trusting = urllib.request.HTTPSHandler(context=ssl._create_unverified_context())  # noqa: S323
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), trusting, _NoRedirect)
    try:
        with opener.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
