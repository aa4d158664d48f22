"""Why an embedded server could not be started, in one line for a person."""

from __future__ import annotations

import errno
from pathlib import Path

FULL_DISK = "No space left on device"
QUOTA = "Disk quota exceeded"
TELLING = ("FATAL", "PANIC", "Error", "error:")
IN_USE = "Address already in use"


class StartError(Exception):
    """Nothing was started and nothing was damaged; the message is one line that says what to do."""


class PortTakenError(StartError):
    """The server's port belongs to another program."""


def disk_is_full(path: Path) -> StartError:
    """Return the failure for a disk without room."""
    return StartError(f"The disk that holds {path} is full: free some space and start again.")


def explain(error: OSError, path: Path) -> StartError:
    """Return the failure that an error of the operating system at `path` amounts to."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_is_full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StartError(f"{error.filename or path} may not be written by this user: choose another --data.")
    return StartError(f"{path}: {error.strerror or error}")


def from_log(what: str, path: Path, text: str) -> StartError:
    """Return the failure that the last words of a server's log amount to."""
    if FULL_DISK in text or QUOTA in text:
        return disk_is_full(path)
    if IN_USE in text:
        return PortTakenError(f"{what}: its port is in use by another program.")
    return StartError(f"{what}: {telling_line(text)}")


def telling_line(text: str) -> str:
    """Return the line of a log that says most about why a program ended: its last error, else its last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in TELLING)] or lines
    return telling[-1] if telling else "it said nothing"
