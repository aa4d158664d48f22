"""Named points in the code, where a test can raise, wait or kill; nothing in production.

A child process is armed by the environment: `VOELGOED_POINT=sale.before_commit` kills it there,
`sale.before_commit:2` at the second passing, `sale.before_commit=raise` raises `Tripped`.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

Action = Callable[[], object]


class Tripped(RuntimeError):
    """Raised at a point that was armed with `trip`."""


_armed: dict[str, Action] = {}
_passed: list[str] | None = None


def point(name: str) -> None:
    """Pass a named point."""
    if _passed is not None:
        _passed.append(name)
    if _armed and name in _armed:
        _armed[name]()


def kill() -> NoReturn:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def trip() -> NoReturn:
    """Raise `Tripped`."""
    raise Tripped


def at_passing(number: int, action: Action) -> Action:
    """`action`, but only when the point is passed for the `number`th time."""
    left = number

    def counted() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            action()

    return counted


@contextmanager
def armed(name: str, action: Action) -> Iterator[None]:
    """In this process, do `action` at each passing of `name` until the block ends."""
    _armed[name] = action
    try:
        yield
    finally:
        _armed.pop(name, None)


@contextmanager
def recording() -> Iterator[list[str]]:
    """Collect the points that are passed, in order: a test learns from it where to kill."""
    global _passed
    before, _passed = _passed, []
    try:
        yield _passed
    finally:
        _passed = before


def _arm_from_environment(value: str) -> None:
    where, _, deed = value.partition("=")
    name, _, passing = where.partition(":")
    _armed[name] = at_passing(int(passing or 1), trip if deed == "raise" else kill)


if "VOELGOED_POINT" in os.environ:
    _arm_from_environment(os.environ["VOELGOED_POINT"])
