"""Whether processes still live; a zombie does not, though nobody may ever collect it where pid 1 is no init."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import psutil


def living(processes: Sequence[psutil.Process], seconds: float = 60) -> list[psutil.Process]:
    """Wait until none lives, at most so many seconds, and return those that still do."""
    deadline = time.monotonic() + seconds
    while (alive := [one for one in processes if _lives(one)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return alive


def until(true: Callable[[], object], seconds: float = 120) -> None:
    """Wait until it is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
