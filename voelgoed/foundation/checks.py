"""The checkers of what must hold: `voelgoed check` runs them all and counts violations.

Each invariant has one: a package registers its own in its `room`, the foundation's stand beside what they check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

Count = Callable[[Session], int]


@dataclass(frozen=True)
class Checker:
    """One invariant: its code (M1), its words, and how its violations are counted over all organizations."""

    code: str
    says: str
    count: Count


_checkers: dict[str, Checker] = {}


def checker(code: str, says: str) -> Callable[[Count], Count]:
    """Register a function that counts violations, given a read-only session that sees every organization."""

    def register(count: Count) -> Count:
        _checkers[code] = Checker(code, says, count)
        return count

    return register


def checkers() -> Iterator[Checker]:
    """Return all checkers, by code."""
    return iter(_checkers[code] for code in sorted(_checkers))


def violations(session: Session) -> Iterator[tuple[Checker, int]]:
    """Run every checker in a session of `skip_tenant_rule`, all on one view of the data."""
    for one in checkers():
        yield one, one.count(session)
