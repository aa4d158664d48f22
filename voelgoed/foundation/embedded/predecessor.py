"""The server that ran in a data folder before: still ending, or only a note that a power cut left."""

from __future__ import annotations

import time
from pathlib import Path

from voelgoed.foundation.embedded.failure import StartError

SERVER = "postgres"
"""What Linux calls each process of a server, by the name of its program."""


def wait_for_predecessor(data: Path, seconds: float) -> None:
    """Wait for an orphaned server that is still ending, and clear what a power cut left behind.

    PostgreSQL would take any living process with the noted number for its predecessor. A server that was killed leaves
    processes for moments, longer on a busy machine; while they hold its shared memory, no other starts.
    """
    note = data / "postmaster.pid"
    deadline = time.monotonic() + seconds
    while living := _serving(data):
        if time.monotonic() > deadline:
            raise StartError(f"{data} is in use by the PostgreSQL with process id {living}: stop it first.")
        time.sleep(0.05)
    if _noted(note) and Path("/proc/self").exists():
        note.unlink(missing_ok=True)


def _serving(data: Path) -> int | None:
    """Return the server that the folder notes, else any process of one: they all work inside the folder."""
    noted = _noted(data / "postmaster.pid")
    if noted and _serves(noted, data):
        return noted
    running = (int(one.name) for one in Path("/proc").glob("[0-9]*"))
    return next((pid for pid in running if _serves(pid, data)), None)


def _noted(note: Path) -> int | None:
    try:
        first = note.read_text(encoding="ascii").partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(first) if first.isdecimal() else None


def _serves(pid: int, data: Path) -> bool:
    """Say whether a process is a server in the folder; a shell that somebody left standing there is none."""
    process = Path(f"/proc/{pid}")
    try:
        inside = (process / "cwd").resolve(strict=True) == data.resolve()
        return inside and (process / "comm").read_text().strip() == SERVER
    except OSError:
        return False
