"""Runs that need a version of their workflow: the application does not start without it."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from voelgoed.foundation.workflow.declaration import workflow


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


def unfinished_without_version(connection: psycopg.Connection) -> list[Missing]:
    """Return what is not declared, though runs of any organization need it that have not ended."""
    found = connection.execute("SELECT workflow, version, runs FROM door.unfinished_runs()").fetchall()
    return [one for one in (Missing(*row) for row in found) if not _declared(one)]


def refuse_unfinished_runs(database_url: str) -> None:
    """Raise UnfinishedRuns when runs lack their version: the code that began them must end them first."""
    # A connection of its own: what the pool held now, the processes that are forked off later would share.
    with psycopg.connect(database_url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        missing = unfinished_without_version(connection)
    if missing:
        wanted = ", ".join(map(str, missing))
        raise UnfinishedRuns(f"runs have not ended that only earlier code can end: {wanted}: let it end them first")


def _declared(one: Missing) -> bool:
    try:
        workflow(one.workflow, one.version)
    except LookupError:
        return False
    return True
