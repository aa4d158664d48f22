"""The rule of a ticket and the emptied zones, as the SQL of the gate tells them: moments are seconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from voelgoed.scanning.fact import Emptied, Fact, Rule


@lru_cache(4096)
def known_id(text: str) -> UUID:
    """Read an id that comes again and again: a device's, a gate's, a zone's, a day's."""
    return UUID(text)


def moment(seconds: Any) -> datetime:
    """Turn seconds since 1970 into a moment in UTC."""
    return datetime.fromtimestamp(float(seconds), UTC)


def rule_of(raw: Mapping[str, Any]) -> Rule:
    """Return the rule that a ticket's row tells: bodies, re-entry, group, void and blocks."""
    return Rule(
        ticket_id=UUID(str(raw["id"])),
        bodies=raw["bodies"],
        reentry=raw["reentry"],
        void_at=moment(raw["void"]) if raw["void"] is not None else None,
        entries=raw["entries"],
        until={known_id(day): moment(at) for day, at in (raw["until"] or {}).items()},
        blocked=tuple((moment(since), moment(to) if to is not None else None) for since, to in raw["blocks"] or ()),
        group=raw["group_min"],
    )


def emptied_of(raw: Mapping[str, Any]) -> Emptied:
    """Return an emptied zone as the record knows it."""
    return Emptied(known_id(raw["day_id"]), frozenset(map(known_id, raw["zones"])), moment(raw["at"]))


def endings(rows: Iterable[Mapping[str, Any]]) -> list[Fact]:
    """Return what closed many at once as facts: ends of days, and emptied zones, which name zones."""
    return [
        Fact("emptied" if one["zones"] is not None else "day_end", moment(one["at"]), UUID(one["id"]),
             day_id=UUID(one["day_id"]), zones=frozenset(map(known_id, one["zones"] or ())))
        for one in rows
    ]  # fmt: skip
