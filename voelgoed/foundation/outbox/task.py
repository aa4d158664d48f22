"""What a row names: a function of ours, found by its dotted name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from voelgoed.foundation.outbox.claim import Claim

F = TypeVar("F", bound=Callable[[Claim], None])

QUEUES = ("checkout", "charges", "offline_sync", "maintenance")
"""The queues that workers work on; `jobs/` has the entry point of each."""

PACKAGES = {"voelgoed"}
"""First names under which tasks may lie; tests add their own."""

_own_commits: set[str] = set()


def self_committing(function: F) -> F:
    """Declare a task that takes the Claim, commits by itself, and finishes or postpones the claim."""
    _own_commits.add(f"{function.__module__}.{function.__qualname__}")
    return function


def commits_itself(name: str) -> bool:
    """Say whether a task is `self_committing`."""
    return name in _own_commits


def resolve(name: str) -> Callable[..., Any]:
    """Return the function of a dotted name; raises LookupError for what is none of ours."""
    module, _, function = name.rpartition(".")
    if name.partition(".")[0] not in PACKAGES:
        raise LookupError(f"{name} is no task of ours")
    try:
        found = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise LookupError(f"there is no task {name}: {error}") from error
    if not callable(found):
        raise LookupError(f"{name} is no function")
    return found  # type: ignore[no-any-return]
