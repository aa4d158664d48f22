"""The server that ran in a data folder before: still ending, or only a note that a power cut left."""

from __future__ import annotations

import time
from pathlib import Path

from voelgoed.foundation.embedded.failure import StartError


def wait_for_predecessor(data: Path, seconds: float) -> None:
    """Wait for an orphaned server that is still ending, and clear what a power cut left behind.

    PostgreSQL would take any living process with the noted number for its predecessor.
    """
    note = data / "postmaster.pid"
    deadline = time.monotonic() + seconds
    while (pid := _noted(note)) and _serves(pid, data):
        if time.monotonic() > deadline:
            raise StartError(f"{data} is in use by the PostgreSQL with process id {pid}: stop it first.")
        time.sleep(0.05)
    if pid and Path("/proc/self").exists():
        note.unlink(missing_ok=True)


def _noted(note: Path) -> int | None:
    try:
        first = note.read_text(encoding="ascii").partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(first) if first.isdecimal() else None


def _serves(pid: int, data: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data.resolve()
    except OSError:
        return False
