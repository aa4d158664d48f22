"""The child of `voelgoed up` that prepares the database, so that the supervisor itself stays small.

It reads the superuser's address and the roles' passwords from stdin. Lines that begin with STEP say what
begins now; all others are what people shall read once the web is ready.
"""

from __future__ import annotations

import json
import os
import sys

from voelgoed.config import Config
from voelgoed.foundation.embedded.up import STEP


def main(kind: str) -> None:
    """Make roles and tables, then the demo or the way in for the first owner."""
    told = json.load(sys.stdin)
    config = Config.read(os.environ)
    _tables(told["superuser_url"], told["passwords"], told["database"], config.database_owner_url)
    for line in _demo(config) if kind == "demo" else _founding(config):
        print(line, flush=True)


def _tables(superuser_url: str, passwords: dict[str, str], database: str, owner_url: str) -> None:
    from voelgoed.foundation.migrate import upgrade
    from voelgoed.foundation.tenancy.roles import ensure_roles

    print(f"{STEP}bringing roles and tables up to date", flush=True)
    ensure_roles(superuser_url, passwords, database)
    upgrade(owner_url)


def _demo(config: Config) -> list[str]:
    from voelgoed.demo import ensure_demo

    print(f"{STEP}making the demo, or bringing it to today", flush=True)
    return list(ensure_demo(config))


def _founding(config: Config) -> list[str]:
    from voelgoed.accounts.founding import first_owner_link

    link = first_owner_link(config)
    return [f"the first organization and its owner begin here, once: {link}"] if link else []


if __name__ == "__main__":
    main(sys.argv[1])
