"""Facts about one ticket, and the record that they amount to: plain values, which the fold turns into each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

NIL = UUID(int=0)


@dataclass(frozen=True)
class Way:
    """A gate: from a zone (None: outside) into another."""

    gate_id: UUID
    from_id: UUID | None
    into_id: UUID


@dataclass(frozen=True)
class Fact:
    """One thing that happened to a ticket. `bodies` is how many the answer spoke of, `zones` which were emptied."""

    kind: Literal["in", "out", "override", "day_end", "emptied"]
    at: datetime
    id: UUID
    device_id: UUID = NIL
    sequence: int = 0
    day_id: UUID = NIL
    way: Way | None = None
    bodies: int = 1
    zones: frozenset[UUID] = frozenset()

    @property
    def order(self) -> tuple[datetime, bool, UUID, int, str]:
        """Return what facts are sorted by; what closes many comes last in its moment."""
        return (self.at, self.kind in ("day_end", "emptied"), self.device_id, self.sequence, self.kind)


@dataclass(frozen=True)
class Rule:
    """What of the ticket matters to the fold.

    `reentry` says who may come back: none, free, `until` a moment of each day, up to so many `entries`, or daily: once
    on each day. `blocked` are the times between which it was blocked, the last one perhaps without end. `group` is how
    many must be there for the first to come in.
    """

    ticket_id: UUID
    bodies: int = 1
    reentry: str = "none"
    void_at: datetime | None = None
    entries: int = 1
    until: Mapping[UUID, datetime] = field(default_factory=dict)
    blocked: tuple[tuple[datetime, datetime | None], ...] = ()
    group: int = 1

    def refuses(self, at: datetime) -> str | None:
        """Say why nobody may enter by it at a moment: `void`, `blocked`, or None."""
        if self.void_at is not None and at >= self.void_at:
            return "void"
        shut = any(since <= at and (until is None or at < until) for since, until in self.blocked)
        return "blocked" if shut else None

    def lets_back(self, last: Stay, at: datetime, day_id: UUID) -> bool:
        """Say whether a pass may enter once more after its last stay."""
        if self.reentry == "until":
            return day_id in self.until and at < self.until[day_id]
        if self.reentry == "entries":
            return last.entry_number < self.entries
        return self.reentry == "free" or (self.reentry == "daily" and last.day_id != day_id)


@dataclass(frozen=True)
class Stay:
    """One pass, so one body, in one zone: an Admission before it is a row."""

    id: UUID
    scan_id: UUID
    device_id: UUID
    day_id: UUID
    gate_id: UUID
    zone_id: UUID
    pass_number: int
    entry_number: int
    move_number: int
    opened_at: datetime
    closed_at: datetime | None = None
    cause: str | None = None
    closing_gate_id: UUID | None = None
    closing_scan_id: UUID | None = None


@dataclass(frozen=True)
class Tick:
    """What the minute counters add: bodies; the zone's first or last of the ticket; the day's first or last."""

    day_id: UUID
    gate_id: UUID
    zone_id: UUID
    direction: str
    at: datetime
    bodies: int
    tickets: int = 0
    holders: int = 0


@dataclass(frozen=True)
class Emptied:
    """On a day, zones were emptied at a moment."""

    day_id: UUID
    zones: frozenset[UUID]
    at: datetime

    def frees(self, stay: Stay) -> bool:
        """Say whether who had this stay may enter again."""
        here = stay.day_id == self.day_id and stay.zone_id in self.zones
        return here and stay.closed_at is not None and stay.opened_at <= self.at


@dataclass
class Record:
    """What the facts amount to: stays by pass, surplus scans, ticks.

    `loose` are bodies that no stay explains, forced in less unexplained exits, by day, gate and zone.
    """

    stays: list[Stay] = field(default_factory=list)
    conflicts: dict[UUID, str] = field(default_factory=dict)
    ticks: list[Tick] = field(default_factory=list)
    emptied: list[Emptied] = field(default_factory=list)
    loose: defaultdict[tuple[UUID, UUID, UUID], int] = field(default_factory=lambda: defaultdict(int))

    def open(self) -> list[Stay]:
        """Return the stays that nothing has closed, in the order in which they go on: by time, then by pass.

        Bodies that came by one scan have one time; rows give them back in any order, so their passes decide.
        """
        present = [stay for stay in self.stays if stay.closed_at is None]
        return sorted(present, key=lambda stay: (stay.opened_at, stay.pass_number)) if len(present) > 1 else present

    def free(self, rule: Rule, at: datetime, day_id: UUID) -> list[int]:
        """Return the passes that may enter: never used, or not inside and let back."""
        last = {stay.pass_number: stay for stay in sorted(self.stays, key=_place)}
        return [
            number for number in range(1, rule.bodies + 1)
            if number not in last or self._may_return(last[number], rule, at, day_id)
        ]  # fmt: skip

    def _may_return(self, last: Stay, rule: Rule, at: datetime, day_id: UUID) -> bool:
        if last.closed_at is None:
            return False
        return any(one.frees(last) for one in self.emptied) or rule.lets_back(last, at, day_id)


def _place(stay: Stay) -> tuple[int, int]:
    return stay.entry_number, stay.move_number
