"""Starts services in order, starts again what ends, and ends all of them within seconds."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, Protocol

from voelgoed.foundation.embedded.backoff import Backoff
from voelgoed.foundation.embedded.failure import StartError
from voelgoed.foundation.embedded.process import Child
from voelgoed.foundation.embedded.tell import VARIABLE

GLANCE_SECONDS = 0.2
STOP_SECONDS = 5.0
LOG_BYTES = 10_000_000

Say = Callable[[str], None]


class Service(Protocol):
    """What a supervisor can start, watch and stop."""

    name: str

    def start(self) -> None:
        """Start it, or raise `StartError`."""

    def ended(self) -> int | None:
        """Return the exit status of one that ended by itself, None while it runs."""

    def begin_stop(self) -> None:
        """Ask it to end, without waiting."""

    def stop(self) -> None:
        """Wait for its end, and make it end when it takes too long."""


class Program:
    """A command as a service; its output is appended to `<logs>/<name>.log`, but it can `tell` the terminal."""

    def __init__(self, name: str, command: Sequence[str], logs: Path, environ: Mapping[str, str]) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self._command = command
        self._environ = environ
        self._child: Child | None = None
        self._terminal: int | None = None

    @property
    def pid(self) -> int | None:
        """The process id, None before the start."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the command; a log that grew large becomes `<name>.log.1`."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._child = self._run(self._command)

    def start_by(self, command: Sequence[str], told: bytes) -> Iterator[str]:
        """Start it for the first time by another command, which reads `told`; yield the lines that it says."""
        self._child = self._run(command, stdin=told, capture=True)
        assert self._child.process.stdout is not None  # it was started with capture
        for line in self._child.process.stdout:
            yield line.decode(errors="replace").rstrip("\n")

    def _run(self, command: Sequence[str], stdin: bytes = b"", capture: bool = False) -> Child:
        if self._terminal is None:
            self._terminal = os.dup(sys.stdout.fileno())
        environ = {**self._environ, VARIABLE: str(self._terminal)}
        return Child(command, self.log, environ=environ, lends=[self._terminal], stdin=stdin, capture=capture)

    def ended(self) -> int | None:
        """Return the exit status, None while it runs."""
        return self._child.ended() if self._child else 0

    def begin_stop(self) -> None:
        """Send it SIGTERM."""
        if self._child:
            self._child.ask(signal.SIGTERM)

    def stop(self) -> None:
        """Wait, then kill it and what it started."""
        if self._child:
            self._child.stop(signal.SIGTERM, STOP_SECONDS)
            self._child.kill()
            self._child = None


@dataclass
class _Watched:
    service: Service
    started: float = field(default_factory=time.monotonic)
    backoff: Backoff = field(default_factory=Backoff)
    due: float | None = None


class Supervisor:
    """Owns services; leave it by `stop`, whatever happens."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._tiers: tuple[list[_Watched], list[_Watched]] = ([], [])

    def start(self, *services: Service, beneath: bool = False) -> None:
        """Start services; those `beneath` the others are the last to end."""
        for service in services:
            self.adopt(service, beneath=beneath)
            service.start()

    def adopt(self, service: Service, beneath: bool = False) -> None:
        """Own a service that others start for the first time."""
        self._tiers[beneath].append(_Watched(service))

    def deaths(self) -> dict[str, int]:
        """Return how often each service ended by itself."""
        return {one.service.name: one.backoff.ends for tier in self._tiers for one in tier}

    def watch(self, *also: Callable[[], None]) -> NoReturn:
        """Start again what ends, until an exception (a signal) ends the watch; `also` is called at each glance."""
        while True:
            self.look()
            for one in also:
                one()
            time.sleep(GLANCE_SECONDS)

    def look(self) -> None:
        """Notice what has ended and start again what is due."""
        for tier in self._tiers:
            for one in tier:
                if one.due is None:
                    self._notice(one)
                elif time.monotonic() >= one.due:
                    self._start_again(one)

    def stop(self) -> None:
        """End every service, those beneath the others last."""
        for tier in self._tiers:
            for one in tier:
                one.service.begin_stop()
            for one in tier:
                one.service.stop()
            tier.clear()

    def _notice(self, one: _Watched) -> None:
        status = one.service.ended()
        if status is None:
            return
        delay = one.backoff.after(time.monotonic() - one.started)
        one.due = time.monotonic() + delay
        self._say(f"{one.service.name} {_how(status)}; starting it again in {delay:g} s")

    def _start_again(self, one: _Watched) -> None:
        one.started, one.due = time.monotonic(), None
        try:
            one.service.start()
        except (StartError, OSError) as error:
            delay = one.backoff.after(0)
            one.due = time.monotonic() + delay
            self._say(f"{one.service.name} did not start again: {error}; trying again in {delay:g} s")


def _how(status: int) -> str:
    return f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
