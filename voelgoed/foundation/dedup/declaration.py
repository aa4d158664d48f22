"""The declaration that a class's rows are looked up as duplicates first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

C = TypeVar("C", bound=type[Any])

_declared: dict[type[Any], Dedup] = {}


@dataclass(frozen=True)
class Dedup:
    """What makes two the same (`key`, a field) and for how many seconds (`window`)."""

    kind: str
    key: str
    window: int


def dedup_checkable(*, key: str, window: int) -> Callable[[C], C]:
    """Declare on a class that the same `key` within `window` seconds is a duplicate; raises ValueError."""

    def declare(cls: C) -> C:
        if not hasattr(cls, key):
            raise ValueError(f"{cls.__name__} has no {key} to tell duplicates by")
        if window <= 0:
            raise ValueError(f"{cls.__name__}: a window of {window} seconds finds no duplicate")
        _declared[cls] = Dedup(cls.__name__, key, window)
        return cls

    return declare


def dedup_of(cls: type[Any]) -> Dedup:
    """Return what a class declares; raises LookupError when it declares nothing."""
    if cls not in _declared:
        raise LookupError(f"{cls.__name__} is not dedup_checkable")
    return _declared[cls]
