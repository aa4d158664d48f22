"""Whom PostgreSQL runs as: neither root nor a user without a name, so those lend it another identity."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from voelgoed.foundation.embedded.failure import StartError
from voelgoed.foundation.embedded.process import MYSELF, Identity

LENT = "nobody"


def account_for(binaries: Path, folder: Path) -> Identity:
    """Return the identity that can both run the programs and reach the folder; `StartError` if none can."""
    if os.geteuid() != 0 and _name_of(os.geteuid()):
        return MYSELF
    for identity in (_nobody(), _namespace()):
        if identity and _reaches(identity, binaries / "postgres", folder):
            return identity
    raise StartError(
        f"PostgreSQL does not run as user {os.geteuid()}, and the user {LENT!r} cannot reach {binaries} and {folder}: "
        "run `voelgoed up` as an ordinary user."
    )


def own(folder: Path, identity: Identity) -> None:
    """Give the folder and all within it to the identity; nothing to do where it has it already."""
    if os.geteuid() != 0:
        return
    user, group = identity.user or 0, identity.group or 0
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid != user:
            os.chown(path, user, group, follow_symlinks=False)


def _nobody() -> Identity | None:
    """Return the user of that name, whom only root can lend."""
    entry = _entry_of(LENT)
    return Identity(user=entry[0], group=entry[1]) if entry and os.geteuid() == 0 else None


def _namespace() -> Identity | None:
    """Return a user namespace in which we have a name: files keep their owner and nothing is chowned."""
    unshare, entry = shutil.which("unshare"), _entry_of(LENT)
    if not unshare or not entry:
        return None
    return Identity(prefix=(unshare, "-U", f"--map-user={entry[0]}", f"--map-group={entry[1]}", "--"))


def _reaches(identity: Identity, program: Path, folder: Path) -> bool:
    """Tell whether the identity can run the program and enter the folder, by asking the kernel so."""
    question = [*identity.prefix, "/bin/sh", "-c", 'test -x "$1" && cd "$2"', "sh", str(program), str(folder)]
    asked = subprocess.run(question, capture_output=True, cwd="/", check=False, **identity.options())  # type: ignore[call-overload]
    return bool(asked.returncode == 0)


def _name_of(user: int) -> str | None:
    import pwd  # not on every system

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return None


def _entry_of(name: str) -> tuple[int, int] | None:
    import pwd

    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return entry.pw_uid, entry.pw_gid
