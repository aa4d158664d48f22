"""What a step may say besides its result, and how a run ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Retry:
    """From a compensation: try this step again, under the same key."""


@dataclass(frozen=True)
class Continue:
    """From a compensation: go on as if the step had returned this value."""

    value: Any = None


@dataclass(frozen=True)
class Person:
    """From the compensation of an external step: the run stops until a person says how it goes on.

    It neither fails nor is undone meanwhile. Local work has nothing to decide: none of it stands.
    """

    reason: str


@dataclass(frozen=True)
class Pending:
    """From an external step: no answer yet, call again in `poll_after` seconds, under the same key.

    The run is parked meanwhile: no worker waits, and it is neither failure nor outcome.
    """

    poll_after: float


class Refused(Exception):
    """Raise in an external step when it certainly did nothing: there is nothing to undo."""


class TimedOut(Exception):
    """An external step had no answer within its deadline; its work may have been done."""


class Interrupted(Exception):
    """The process ended between a step's intent and its result; its work may have been done."""


class Undecided(Exception):
    """A step answered with what the engine cannot carry on with."""


class Stopped(Exception):
    """A run is put down, and that is committed: it is parked, or waits for a person."""


@dataclass(frozen=True)
class Done:
    """The run did all its steps; `results` holds what each returned, as JSON values."""

    results: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Failed:
    """The run failed in `step`; whatever it had done before is undone."""

    step: str
    reason: str


Outcome = Done | Failed

REASON_SIZE = 500


def reason_of(error: BaseException) -> str:
    """Say an error in one line that fits its column: its text, else its class."""
    said = " ".join(str(error).replace("\0", "").split())
    return (said or type(error).__name__)[:REASON_SIZE]
