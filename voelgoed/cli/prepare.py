"""The child of `voelgoed up` that prepares the database and goes on as the workers.

It is one process because both need the whole application imported, which is most of a start. It reads the
superuser's address and the roles' passwords from stdin; what it says is described at `Plan`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voelgoed.cli.settings import QUEUES
from voelgoed.config import Config, normalise
from voelgoed.foundation.embedded.process import die_with
from voelgoed.foundation.embedded.stack import PREPARED
from voelgoed.foundation.embedded.up import STEP, STOP, TABLES

if TYPE_CHECKING:
    from flask import Flask

ADDRESS_IS_FIXED = "VOELGOED_ADDRESS_IS_FIXED"
"""Set where phones of another address are a reason not to start."""


def main(kind: str) -> None:
    """Make roles and tables, then the demo or the way in for the first owner, then work."""
    from voelgoed.cli.worker import work

    config = Config.read(os.environ)
    app = _prepared(kind, config, json.load(sys.stdin))
    print(PREPARED, flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody listens to the pipe from here on
    work(app, str(config.redis_url), QUEUES, sweep=True)


def _prepared(kind: str, config: Config, told: dict[str, Any]) -> Flask:
    from voelgoed.cli.worker import loaded

    _tables(told)
    app = loaded(config)
    _in_a_fork(kind, replace(config, database_owner_url=normalise(told["owner_url"])))
    return app


def _tables(told: dict[str, Any]) -> None:
    from voelgoed.foundation.migrate import upgrade
    from voelgoed.foundation.tenancy.roles import ensure_roles

    print(f"{STEP}bringing roles and tables up to date", flush=True)
    ensure_roles(told["superuser_url"], told["passwords"], told["database"])
    upgrade(told["owner_url"])
    print(TABLES, flush=True)


def _in_a_fork(kind: str, config: Config) -> None:
    """Say what `kind` needs, from a process whose connections do not stay with the workers' parent."""
    parent = os.getpid()
    if child := os.fork():
        if status := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            sys.exit(abs(status))
        return
    die_with(parent)
    gc.freeze()  # what the parent imported is not to be looked at again and again
    gc.enable()
    if os.environ.get(ADDRESS_IS_FIXED) and (stop := _elsewhere(config)):
        print(f"{STOP}{stop}", flush=True)
        sys.exit(1)
    for line in _demo(config) if kind == "demo" else _founding(config):
        print(line, flush=True)
    sys.exit(0)


def _demo(config: Config) -> Iterable[str]:
    from voelgoed.demo import ensure_demo

    print(f"{STEP}making the demo, or bringing it to today", flush=True)
    return ensure_demo(config)


def _elsewhere(config: Config) -> str:
    from voelgoed.cli.elsewhere import paired_elsewhere

    return paired_elsewhere(config)


def _founding(config: Config) -> Iterable[str]:
    from voelgoed import create_app
    from voelgoed.accounts.founding import first_owner_link

    with create_app(config).app_context():
        link = first_owner_link(config)
    return [f"the first organization and its owner begin here, once: {link}"] if link else []


if __name__ == "__main__":
    main(sys.argv[1])
