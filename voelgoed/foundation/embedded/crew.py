"""Processes forked from one parent that has imported everything, so that they share its memory."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from voelgoed.foundation.embedded.backoff import Backoff
from voelgoed.foundation.embedded.interruption import Interrupted, interruptible
from voelgoed.foundation.embedded.process import die_with

GLANCE_SECONDS = 0.2
STOP_SECONDS = 4.0
QUICK_SECONDS = 2.0

Work = Callable[[], None]


@dataclass
class _Member:
    name: str
    work: Work
    pid: int = 0
    due: float = 0.0
    started: float = 0.0
    backoff: Backoff = field(default_factory=Backoff)


class Crew:
    """Keeps one process for each named work, until this one is asked to end.

    The parent must hold no connection and no thread: what a fork copies of those is broken.
    """

    def __init__(self, works: Mapping[str, Work], say: Callable[[str], None]) -> None:
        self._members = [_Member(name, work) for name, work in works.items()]
        self._say = say

    def run(self) -> None:
        """Fork all members, fork again those that end, and return once all have ended after a signal."""
        gc.collect()
        gc.freeze()  # else the first collection in a child copies every page it touches
        with suppress(Interrupted), interruptible():
            try:
                self._keep()
            finally:
                self._end()

    def _keep(self) -> NoReturn:
        while True:
            for member in self._members:
                if member.pid:
                    self._notice(member)
                elif time.monotonic() >= member.due:
                    self._fork(member)
            time.sleep(GLANCE_SECONDS)

    def _fork(self, member: _Member) -> None:
        parent = os.getpid()
        member.started = time.monotonic()
        sys.stdout.flush()
        sys.stderr.flush()
        member.pid = os.fork()
        if member.pid == 0:
            gc.enable()
            _live(member.work, parent)

    def _notice(self, member: _Member) -> None:
        pid, status = os.waitpid(member.pid, os.WNOHANG)
        if pid == 0:
            return
        member.pid = 0
        lived = time.monotonic() - member.started
        code = os.waitstatus_to_exitcode(status)
        if code == 0 and lived > QUICK_SECONDS:
            return  # it has done its share of jobs; the next one begins at once
        delay = member.backoff.after(lived)
        member.due = time.monotonic() + delay
        self._say(f"{member.name} ended with status {code}; starting it again in {delay:g} s")

    def _end(self) -> None:
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(not _reaped(member) for member in self._members):
            time.sleep(0.02)
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        for member in self._members:
            if member.pid:
                with suppress(ProcessLookupError):
                    os.kill(member.pid, number)


def _reaped(member: _Member) -> bool:
    if member.pid and os.waitpid(member.pid, os.WNOHANG)[0]:
        member.pid = 0
    return not member.pid


def _live(work: Work, parent: int) -> NoReturn:
    """Do the work in the child and leave without the parent's clean-up."""
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        die_with(parent)
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
