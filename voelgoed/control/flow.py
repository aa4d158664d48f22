"""The last hour, minute by minute: what went through each gate, and how each zone fills."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Day
from voelgoed.foundation.database import db
from voelgoed.occupancy.minute import MinuteCount

MINUTES = 60
RATE_MINUTES = 10
IN, OUT = ("in", "moved_in", "forced"), ("out", "moved_out", "unexplained")


def _empty() -> list[int]:
    return [0] * MINUTES


@dataclass
class Flow:
    """Bodies in each of the last sixty minutes, oldest first; the last one is still running."""

    entries: dict[UUID, list[int]] = field(default_factory=lambda: defaultdict(_empty))
    exits: dict[UUID, list[int]] = field(default_factory=lambda: defaultdict(_empty))
    net: dict[UUID, list[int]] = field(default_factory=lambda: defaultdict(_empty))

    def add(self, gate: UUID, zone: UUID, direction: str, index: int, bodies: int) -> None:
        """Count one counter of one minute."""
        inward, outward = direction in IN, direction in OUT
        if inward or outward:
            (self.entries if inward else self.exits)[gate][index] += bodies
            self.net[zone][index] += bodies if inward else -bodies

    def rate(self, zones: list[UUID]) -> float:
        """Return by how many bodies a minute these zones fill together, over the last ten whole minutes."""
        whole = slice(MINUTES - 1 - RATE_MINUTES, MINUTES - 1)
        return sum(sum(self.net[zone][whole]) for zone in zones if zone in self.net) / RATE_MINUTES


def total(lines: dict[UUID, list[int]]) -> list[int]:
    """Return the sum of several lines, minute by minute."""
    return [sum(values) for values in zip(*lines.values(), strict=True)] or _empty()


def flow(day: Day, at: datetime) -> Flow:
    """Read the last hour of a day up to `at`."""
    since = at.replace(second=0, microsecond=0) - timedelta(minutes=MINUTES - 1)
    query = select(
        MinuteCount.gate_id, MinuteCount.zone_id, MinuteCount.direction, MinuteCount.minute, MinuteCount.bodies
    ).where(MinuteCount.day_id == day.id, MinuteCount.minute >= since)
    found = Flow()
    for gate, zone, direction, minute, bodies in db.session.execute(query):
        index = int((minute - since).total_seconds() // 60)
        if 0 <= index < MINUTES:
            found.add(gate, zone, direction, index, bodies)
    return found
