"""A day's counters in one read: summed by gate, zone and direction, the last hour by the minute besides.

There are as many counters as minutes, gates and zones, however many were scanned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select

from voelgoed.foundation.database import db
from voelgoed.occupancy.minute import INWARD, OUTWARD, MinuteCount

MINUTES = 60


class Count(NamedTuple):
    """What was counted in one direction; `minute` is one of the last sixty, 59 still running; None: before them."""

    gate_id: UUID
    zone_id: UUID
    direction: str
    minute: int | None
    bodies: int
    tickets: int
    holders: int
    corrections: int


@dataclass
class Sums:
    """The sums of some counts; `forced`, `unexplained` and `cleared` are not in `bodies`."""

    bodies: int = 0
    tickets: int = 0
    holders: int = 0
    forced: int = 0
    unexplained: int = 0
    cleared: int = 0
    version: int = 0

    @property
    def loose(self) -> int:
        """Return the bodies that no admission explains; below zero where more have left than came."""
        return self.forced - self.unexplained - self.cleared

    @property
    def inside(self) -> int:
        """Return the bodies inside: who was forced in and is not explained by an exit counts, too."""
        return max(0, self.bodies + max(0, self.loose))

    def add(self, count: Count) -> None:
        """Add one count."""
        sign = (count.direction in INWARD) - (count.direction in OUTWARD)
        self.bodies += sign * count.bodies
        self.tickets += sign * count.tickets
        self.holders += sign * count.holders
        self.forced += count.bodies if count.direction == "forced" else 0
        self.unexplained += count.bodies if count.direction == "unexplained" else 0
        self.cleared += count.bodies if count.direction == "cleared" else 0
        self.version += count.bodies + count.tickets + count.holders + count.corrections


def counts_of(day_id: UUID, at: datetime) -> list[Count]:
    """Return a day's counts, those of the hour up to `at` by the minute."""
    since = at.replace(second=0, microsecond=0) - timedelta(minutes=MINUTES - 1)
    own = MinuteCount
    query = (
        select(
            own.gate_id,
            own.zone_id,
            own.direction,
            case((own.minute >= since, own.minute)).label("recent"),
            *(func.sum(column) for column in (own.bodies, own.tickets, own.holders, own.corrections)),
        )
        .where(own.day_id == day_id)
        .group_by(own.gate_id, own.zone_id, own.direction, "recent")
    )
    return [
        Count(gate, zone, direction, _index(minute, since), *sums)
        for gate, zone, direction, minute, *sums in db.session.execute(query)
    ]


def _index(minute: datetime | None, since: datetime) -> int | None:
    index = None if minute is None else int((minute - since).total_seconds() // 60)
    return index if index is not None and index < MINUTES else None


def by_zone(counts: Iterable[Count]) -> dict[UUID, Sums]:
    """Return the sums of each zone itself, without the zones inside it."""
    found: dict[UUID, Sums] = defaultdict(Sums)
    for count in counts:
        found[count.zone_id].add(count)
    return dict(found)


def totals(sums: Sequence[Sums]) -> Sums:
    """Return the sum of several."""
    return Sums(*(sum(values) for values in zip(*(vars(one).values() for one in sums), strict=True)))
