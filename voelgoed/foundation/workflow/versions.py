"""Runs that need a version of their workflow: the application does not start without it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from voelgoed.foundation.tenancy.door import Door, door
from voelgoed.foundation.tenancy.scope import Actor
from voelgoed.foundation.workflow.declaration import workflow

STARTER = Actor("system", None, "start-up")


class UnfinishedRuns(RuntimeError):
    """Runs have not ended whose version of their workflow this code does not have."""


@dataclass(frozen=True)
class Missing:
    """A version of a workflow that is not declared, and how many runs need it."""

    workflow: str
    version: int
    runs: int

    def __str__(self) -> str:
        return f"{self.workflow} version {self.version} ({self.runs} of them)"


def unfinished_without_version(opened: Door) -> list[Missing]:
    """Return what runs of any organization need, that has not ended and is not declared."""
    found = [Missing(*row) for row in opened.call("unfinished_runs")]
    return [one for one in found if not _declared(one)]


def refuse_unfinished_runs(app: Flask) -> None:
    """Raise UnfinishedRuns when runs lack their version: the code that began them must end them first."""
    with app.app_context(), door(STARTER) as opened:
        if missing := unfinished_without_version(opened):
            wanted = ", ".join(map(str, missing))
            raise UnfinishedRuns(f"runs have not ended that only earlier code can end: {wanted}: let it end them first")


def _declared(one: Missing) -> bool:
    try:
        workflow(one.workflow, one.version)
    except LookupError:
        return False
    return True
