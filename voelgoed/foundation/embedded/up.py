"""`voelgoed up`: the order in which a whole system starts, and how it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from voelgoed.foundation.embedded.failure import StartError, explain
from voelgoed.foundation.embedded.folder import DEMO, OPEN_DEMO, REAL, DataFolder
from voelgoed.foundation.embedded.interruption import Interrupted, interruptible
from voelgoed.foundation.embedded.lan import Lan
from voelgoed.foundation.embedded.listening import Listening
from voelgoed.foundation.embedded.own_address import AddressWatch, on_the_network
from voelgoed.foundation.embedded.port import LOOPBACK, free_port
from voelgoed.foundation.embedded.stack import Stack
from voelgoed.foundation.embedded.supervisor import Say

STEP = "step: "
STOP = "stop: "
TABLES = "tables are there"
ACCOUNTS = "simulator.json"
TRUST_PAGE = "trust page"


@dataclass(frozen=True)
class Plan:
    """What to run: the web, the workers, and what prepares the database and then goes on as the workers.

    `prepare` says its steps on lines that begin with STEP, then TABLES once they are there and PREPARED at the end; one
    that begins with STOP ends the start; its other lines are printed once all is ready. `simulator` stands in for the
    payment processors where the preparation left it a file of accounts. Where this same `version` of the code has
    prepared the folder before, the web need not wait for the tables. `trust` serves the page by which phones come to
    trust the authority of `lan`.
    """

    data: Path
    listening: Listening
    demo: bool
    version: str
    prepare: Sequence[str]
    web: Sequence[str]
    workers: Sequence[str]
    durable: bool = True
    simulator: Sequence[str] = ()
    lan: Lan | None = None
    trust: Sequence[str] = ()


def run(plan: Plan, say: Say) -> None:
    """Start everything, say so, and keep it running until Ctrl-C or SIGTERM; `StartError` if it cannot."""
    plan.listening.refuse()
    try:
        with suppress(Interrupted), interruptible(), DataFolder(plan.data) as folder:
            _run(plan, folder, say)
    except OSError as error:
        raise explain(error, plan.data) from error
    say("stopped")


def _run(plan: Plan, folder: DataFolder, say: Say) -> None:
    folder.keep_for(_kind(plan))
    plan = replace(plan, lan=plan.lan and plan.lan.prepared())  # its keys are written by who holds the folder
    stack = Stack(folder, plan.listening, lambda line: say(f"- {line}"), plan.durable)
    try:
        _start(plan, folder, stack, say)
        address = plan.lan and on_the_network()
        stack.watch(*([AddressWatch(address, plan.lan.url, say).look] if plan.lan and address else []))
    finally:
        stack.stop()


def _kind(plan: Plan) -> str:
    if not plan.demo:
        return REAL
    return DEMO if plan.listening.is_private else OPEN_DEMO


def _start(plan: Plan, folder: DataFolder, stack: Stack, say: Say) -> None:
    stack.start_servers()
    port = free_port()
    environ = stack.environ(os.environ, plan.demo) | {"VOELGOED_SIMULATOR_URL": f"http://{LOOPBACK}:{port}"}
    environ |= plan.lan.environ() if plan.lan else {}
    web, workers = stack.program("web", plan.web, environ), stack.program("workers", plan.workers, environ)
    if plan.lan and plan.trust:
        stack.start(stack.program(TRUST_PAGE, [*plan.trust, *plan.lan.options()], environ))
    waits = folder.prepared_by() != plan.version
    if not waits:
        stack.start(web)
    last_words = []
    for line in stack.prepare(plan.prepare, workers):
        if line.startswith(STEP):
            say(f"- {line.removeprefix(STEP)}")
        elif line.startswith(STOP):
            raise StartError(line.removeprefix(STOP))
        elif line != TABLES:
            last_words.append(line)
        elif waits:
            stack.start(web)
    folder.note_prepared_by(plan.version)
    accounts = folder.path / ACCOUNTS
    if plan.simulator and accounts.exists():
        options = ("--port", str(port), "--accounts", str(accounts), "--data", str(folder.path / "simulator"))
        stack.start(stack.program("payment simulator", [*plan.simulator, *options], environ))
    stack.wait_until_ready()
    if plan.lan and plan.trust:
        stack.wait_for(TRUST_PAGE, f"http://{LOOPBACK}:{plan.lan.trust_port}/")
    told = plan.lan.told(sys.stdout.isatty()) if plan.lan else ()
    for line in (f"ready: {plan.listening.public_url}", *told, *last_words):
        say(line)
