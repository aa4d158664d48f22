"""Whom PostgreSQL runs as: it refuses root, so root lends it another identity."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from voelgoed.foundation.embedded.failure import StartError
from voelgoed.foundation.embedded.process import MYSELF, Identity

LENT = "nobody"
# Maps root to an unprivileged id inside a user namespace: files keep their owner and nothing is chowned.
NAMESPACE = ("-U", "--map-user=1000", "--map-group=1000", "--")


def account_for(binaries: Path, folder: Path) -> Identity:
    """Return the identity that can both run the programs and reach the folder; `StartError` if none can."""
    if os.geteuid() != 0:
        return MYSELF
    lent = _nobody()
    if lent and _reaches(lent, binaries / "postgres", folder):
        return lent
    namespace = _namespace()
    if namespace and _reaches(namespace, binaries / "postgres", folder):
        return namespace
    raise StartError(
        f"PostgreSQL refuses to run as root, and the user {LENT!r} cannot reach {binaries} and {folder}: "
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
    import pwd  # not everywhere

    try:
        entry = pwd.getpwnam(LENT)
    except KeyError:
        return None
    return Identity(user=entry.pw_uid, group=entry.pw_gid)


def _namespace() -> Identity | None:
    unshare = shutil.which("unshare")
    return Identity(prefix=(unshare, *NAMESPACE)) if unshare else None


def _reaches(identity: Identity, program: Path, folder: Path) -> bool:
    """Tell whether the identity can run the program and enter the folder, by asking the kernel so."""
    question = [*identity.prefix, "/bin/sh", "-c", 'test -x "$1" && cd "$2"', "sh", str(program), str(folder)]
    asked = subprocess.run(question, capture_output=True, cwd="/", check=False, **identity.options())  # type: ignore[call-overload]
    return bool(asked.returncode == 0)
