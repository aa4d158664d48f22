"""`voelgoed up`: the order in which a whole system starts, and how it ends."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from voelgoed.foundation.embedded.failure import explain
from voelgoed.foundation.embedded.folder import DataFolder
from voelgoed.foundation.embedded.interruption import Interrupted, interruptible
from voelgoed.foundation.embedded.listening import Listening
from voelgoed.foundation.embedded.stack import Stack
from voelgoed.foundation.embedded.supervisor import Say

STEP = "step: "


@dataclass(frozen=True)
class Plan:
    """What to run: the command that prepares the database, and the programs by name, one of them `web`.

    Where this same `version` of the code has prepared the folder before, the programs need not wait for it.
    `prepare` says its steps on lines that begin with STEP; its other lines are printed once all is ready.
    """

    data: Path
    listening: Listening
    demo: bool
    version: str
    prepare: Sequence[str]
    programs: Mapping[str, Sequence[str]]
    durable: bool = True


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
    folder.keep_for(plan.demo)
    stack = Stack(folder, plan.listening, lambda line: say(f"- {line}"), plan.durable)
    try:
        _start(plan, folder, stack, say)
        stack.watch()
    finally:
        stack.stop()


def _start(plan: Plan, folder: DataFolder, stack: Stack, say: Say) -> None:
    stack.start_servers()
    environ = stack.environ(os.environ, plan.demo)
    is_prepared = folder.prepared_by() == plan.version
    if is_prepared:
        stack.start_programs(plan.programs, environ)
    last_words = _prepare(plan, stack, environ, say)
    if not is_prepared:
        folder.note_prepared_by(plan.version)
        stack.start_programs(plan.programs, environ)
    stack.wait_until_ready()
    for line in (f"ready: {plan.listening.public_url}", *last_words):
        say(line)


def _prepare(plan: Plan, stack: Stack, environ: Mapping[str, str], say: Say) -> list[str]:
    """Say the steps as they come and return the other lines."""
    last_words = []
    for line in stack.prepare(plan.prepare, environ):
        if line.startswith(STEP):
            say(f"- {line.removeprefix(STEP)}")
        else:
            last_words.append(line)
    return last_words
