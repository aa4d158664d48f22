"""The data folder of one `voelgoed up`: who holds it, what it is for, its secrets, and how to reach it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from voelgoed.foundation.embedded.failure import StartError, disk_is_full, explain
from voelgoed.foundation.embedded.secret import write_private

ROLES = ("voelgoed_app", "voelgoed_migrator", "voelgoed_report", "voelgoed_backup")
FIRST_START_BYTES = 120_000_000
LATER_START_BYTES = 20_000_000
REAL, DEMO, OPEN_DEMO = "real", "demo", "open demo"
HOLDS = {
    REAL: "real data, which a demo never joins: say --no-demo",
    DEMO: "a demo with well-known passwords, which neither real data nor others on the network may join: "
    "leave out --no-demo and listen on this machine only",
    OPEN_DEMO: "a demo with secret passwords for an open network: say --demo and where to listen, as before",
}


@dataclass(frozen=True)
class Secrets:
    """What was drawn once for this folder."""

    secret_key: str
    master_key: str
    passwords: dict[str, str]


class DataFolder:
    """Held by one process at a time, as a context manager.

    The kernel keeps the lock, so one that a power cut left behind holds nobody up.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.logs = self.path / "log"
        self._lock: int | None = None

    def __enter__(self) -> DataFolder:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            self._refuse_full_disk()
            self._claim()
        except OSError as error:
            raise explain(error, self.path) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self.path / "running.json").unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def keep_for(self, kind: str) -> None:
        """Mark a new folder as REAL, DEMO or OPEN_DEMO; refuse one that was marked otherwise."""
        marker = self.path / "kind"
        if not marker.exists():
            write_private(marker, kind)
        found = marker.read_text(encoding="ascii").strip()
        if found != kind:
            raise StartError(f"{self.path} holds {HOLDS.get(found, found)}, or choose another --data.")

    def secrets(self) -> Secrets:
        """Return the folder's secrets, drawn on the first call."""
        path = self.path / "secrets.json"
        if not path.exists():
            drawn = {
                "secret_key": secrets.token_urlsafe(48),
                "master_key": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
                "passwords": {role: secrets.token_urlsafe(24) for role in ROLES},
            }
            write_private(path, json.dumps(drawn, indent=1))
        return Secrets(**json.loads(path.read_text(encoding="utf-8")))

    def prepared_by(self) -> str:
        """Return the version of the code that last prepared the database, or nothing."""
        note = self.path / "prepared"
        return note.read_text(encoding="ascii").strip() if note.exists() else ""

    def note_prepared_by(self, version: str) -> None:
        """Remember the version for the next start."""
        write_private(self.path / "prepared", version)

    def publish(self, environ: Mapping[str, str]) -> None:
        """Tell other commands of this folder's owner how to reach what runs here."""
        write_private(self.path / "running.json", json.dumps(dict(environ), indent=1))

    def _refuse_full_disk(self) -> None:
        wanted = LATER_START_BYTES if (self.path / "postgres" / "data").exists() else FIRST_START_BYTES
        if shutil.disk_usage(self.path).free < wanted:
            raise disk_is_full(self.path)

    def _claim(self) -> None:
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(lock, 20).decode(errors="replace").strip()
            os.close(lock)
            raise StartError(
                f"{self.path} is in use by the `voelgoed up` with process id {holder}: "
                "stop that one, or choose another --data."
            ) from None
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        self._lock = lock


def environment_of(path: Path) -> dict[str, str] | None:
    """Return the settings of the `voelgoed up` that runs on the folder, None when none does."""
    try:
        lock = os.open(path / "lock", os.O_RDWR)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise explain(error, path) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _published(path)
    finally:
        os.close(lock)
    return None


def _published(path: Path) -> dict[str, str] | None:
    try:
        found: dict[str, str] = json.loads((path / "running.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found
