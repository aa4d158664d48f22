"""The last hour, minute by minute: what went through each gate, and how each zone fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from voelgoed.occupancy.counts import MINUTES, Count
from voelgoed.occupancy.figure import IN, OUT

RATE_MINUTES = 10


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


def flow(counts: Iterable[Count]) -> Flow:
    """Draw the last hour from a day's counts."""
    found = Flow()
    for count in counts:
        if count.minute is not None:
            found.add(count.gate_id, count.zone_id, count.direction, count.minute, count.bodies)
    return found
