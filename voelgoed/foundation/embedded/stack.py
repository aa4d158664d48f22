"""What `voelgoed up` runs: the two servers, what prepares the database, and the application's programs."""

from __future__ import annotations

import json
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from voelgoed.foundation.embedded.failure import StartError, from_log, telling_line
from voelgoed.foundation.embedded.folder import DataFolder, Secrets
from voelgoed.foundation.embedded.listening import Listening
from voelgoed.foundation.embedded.postgres import Postgres
from voelgoed.foundation.embedded.supervisor import Program, Say, Supervisor
from voelgoed.foundation.embedded.valkey import Valkey

DATABASE = "voelgoed"
PREPARED = "prepared"
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
        self._supervisor.start(self.postgres, self.valkey, beneath=True)

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

    def prepare(self, command: Sequence[str], program: Program) -> Iterator[str]:
        """Start the program by a command that first prepares the database, and yield what it says until it has."""
        said_before = program.log.stat().st_size if program.log.exists() else 0
        drawn = self._folder.secrets()
        superuser = {"superuser_url": self.postgres.superuser_url(), "database": DATABASE}
        told = {**superuser, "passwords": drawn.passwords, "owner_url": self._url(drawn, "voelgoed_migrator")}
        self._supervisor.adopt(program)
        for line in program.start_by(command, json.dumps(told).encode()):
            if line == PREPARED:
                return
            yield line
        raise from_log("The database could not be prepared", self._folder.path, _since(program.log, said_before))

    def program(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> Program:
        """Return a program of this system, which gets no setting that is for commands only."""
        needed = {key: value for key, value in environ.items() if key not in FOR_COMMANDS_ONLY}
        return Program(name, command, self._folder.logs, needed)

    def start(self, *programs: Program) -> None:
        """Start programs of the application."""
        self._say(f"starting {', '.join(program.name for program in programs)}")
        self._supervisor.start(*programs)

    def wait_until_ready(self) -> None:
        """Return once the web answers; `StartError` when it does not, or when a program cannot live."""
        self.wait_for("web", self._listening.local_url + "/readyz")

    def wait_for(self, name: str, url: str) -> None:
        """Return once a program answers; `StartError` when it does not, or when any program cannot live."""
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(url):
            self._supervisor.look()
            dead = [one for one, ends in self._supervisor.deaths().items() if ends >= DEATHS_BEFORE_READY]
            if dead or time.monotonic() > deadline:
                raise self._not_ready(dead[0] if dead else name)
            time.sleep(0.05)

    def watch(self, *also: Callable[[], None]) -> NoReturn:
        """Keep everything running until an exception (a signal) ends the watch; `also` is called now and then."""
        self._supervisor.watch(*also)

    def stop(self) -> None:
        """End everything within ten seconds."""
        self._supervisor.stop()

    def _url(self, drawn: Secrets, role: str) -> str:
        return self.postgres.url(role, DATABASE, drawn.passwords[role])

    def _not_ready(self, name: str) -> StartError:
        log = self._folder.logs / f"{name}.log"
        said = log.read_text(encoding="utf-8", errors="replace")[-LAST_WORDS:] if log.exists() else ""
        return StartError(f"{name} did not become ready: {telling_line(said)} (see {log})")


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
