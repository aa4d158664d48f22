"""Capacity of a zone, exactly and without a queue at the gates.

Far below it scans only share a lock on the zone; near it they take the lock alone. Which of the two, the figure known
last says; whether that was right, the figure counted under the lock. So the door never lets in above the number: while
anybody shares the lock, no more lists are on their way than the margin has room for.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.tenancy.trip import trip
from voelgoed.occupancy.figure import bodies_of
from voelgoed.occupancy.minute import INWARD, OUTWARD
from voelgoed.scanning.case import Case
from voelgoed.scanning.found import Found
from voelgoed.scanning.record import LOCK_ZONES, Overtaken
from voelgoed.scanning.rule import known_id

MARGIN_PART = 20
MARGIN_LEAST = 256
"""Two processes, two leaders each, lists of 64."""
LIST_MOST = 64
WIDE = 2_000
"""More than can pass while a figure is fresh: a zone so far below its number needs no new count."""
FRESH_SECONDS = 0.25
_seen: dict[tuple[UUID, UUID], tuple[float, dict[UUID, int]]] = {}


@dataclass
class Full:
    """Room left in the zones that are near their capacity; zones that are far from it are not listed."""

    left: dict[str, int] = field(default_factory=dict)
    rings: dict[str, list[str]] = field(default_factory=dict)

    def is_full(self, case: Case) -> bool:
        """Say whether the scan's zone, or one around it, has no room for its bodies."""
        return bool(self.left) and any(self.left.get(zone, case.wanted) < case.wanted for zone in self._entered(case))

    def _entered(self, case: Case) -> list[str]:
        """Return the zones that gain by the scan: who only moves on is inside the zones around already."""
        ring = self.rings.get(case.gate["into_id"], [])
        already = self.rings.get(case.gate["from_id"] or "", []) if case.moving else []
        return [zone for zone in ring if zone not in already]

    def note(self, case: Case) -> None:
        """Count what the list itself has let in or out already."""
        for tick in case.ticks:
            step = tick.bodies if tick.direction in INWARD else -tick.bodies if tick.direction in OUTWARD else 0
            for zone in self.rings.get(str(tick.zone_id), []):
                if zone in self.left:
                    self.left[zone] -= step


def confirm(found: Found) -> None:
    """After writing, with the locks held that were taken in the same trip: make sure that far was indeed far.

    Raises Overtaken when it took so long that a zone may have filled up meanwhile, and one has.
    """
    days = found.to_lock_days
    if all(_fresh(day) for day in days):
        return
    for day in days:
        _count(day, found)
    if any(_room(zone, days, found) <= _margin(zone, found) for zone in found.to_lock):
        raise Overtaken


def _wide(zones: list[str], days: set[UUID], found: Found) -> bool:
    """Say whether all zones are known to be so far from their number that nothing need be counted for these scans."""
    return all(_fresh(day) for day in days) and all(_room(zone, days, found) > WIDE for zone in zones)


def full_zones(cases: Sequence[Case], found: Found) -> Full:
    """Lock the zones that are entered, in order, and count those that are not far from their capacity.

    Where all are wide the locks can wait for the trip that writes: `confirm` follows it.

    Raises Overtaken when a zone that was far is near by now: its lock must be taken alone.
    """
    entering = [case for case in cases if case.asked.direction == "in" and case.day is not None]
    full = Full(rings={zone: found.around(zone) for zone in found.zones})
    zones = sorted({zone for case in entering for zone in full.rings[case.gate["into_id"]]})
    if not zones:
        return full
    days = {known_id(case.day["id"]) for case in entering if case.day}
    bodies = sum(case.wanted for case in entering if case.asked.batch_id is None)
    near = [zone for zone in zones if bodies > LIST_MOST or _room(zone, days, found) <= _margin(zone, found)]
    if not near and _wide(zones, days, found):
        found.to_lock, found.to_lock_days = zones, days
        return full
    _lock(zones, near)
    for day in days:
        _count(day, found)
    if any(zone not in near and _room(zone, days, found) <= _margin(zone, found) for zone in zones):
        raise Overtaken
    full.left = {zone: _room(zone, days, found) for zone in near}
    return full


def _margin(zone: str, found: Found) -> int:
    capacity: int = found.zones[zone]["capacity"]
    return max(capacity // MARGIN_PART, MARGIN_LEAST)


def _room(zone: str, days: set[UUID], found: Found) -> int:
    """Return how many more bodies the zone takes by the figures known last; none where nothing is known."""
    known = [_seen.get(_key(day)) for day in days]
    inside = [figure.get(known_id(zone), 0) for _, figure in filter(None, known)]
    capacity: int = found.zones[zone]["capacity"]
    return capacity - max(inside) if len(inside) == len(days) else 0


def _key(day: UUID) -> tuple[UUID, UUID]:
    return current_scope().organization_id, day


def _fresh(day: UUID) -> bool:
    at, _ = _seen.get(_key(day), (0.0, {}))
    return time.monotonic() - at <= FRESH_SECONDS


def _count(day: UUID, found: Found) -> dict[UUID, int]:
    """Count a day's bodies by zone now, and remember them."""
    tree = {
        known_id(zone): known_id(said["parent_id"]) if said["parent_id"] else None for zone, said in found.zones.items()
    }
    at, figure = time.monotonic(), bodies_of(day, tree)
    _seen[_key(day)] = (at, figure)
    return figure


def shown(case: Case, found: Found) -> dict[str, int] | None:
    """Return what the phone shows of the house: the last known figure and what this scan has added to it."""
    if case.day is None:
        return None
    day = known_id(case.day["id"])
    figure = _seen[_key(day)][1] if _fresh(day) else _count(day, found)
    step = case.taken if case.verdict == "admitted" else -case.taken if case.verdict == "exited" else 0
    zone = case.gate["into_id"]
    roots = [one for one, said in found.zones.items() if said["parent_id"] is None]
    return {
        "event": max(0, sum(figure.get(known_id(root), 0) for root in roots) + step),
        "zone": max(0, figure.get(known_id(zone), 0) + step),
        "capacity": found.zones[zone]["capacity"],
    }


def _lock(zones: list[str], near: list[str]) -> None:
    """Take all locks in one statement, sorted, so that two lists never wait for each other in a ring."""
    with trip("scanning.judge") as sent:
        sent.send(LOCK_ZONES, {"zones": zones, "near": near})


def forget() -> None:
    """Forget the last known figures (after a restore, and between tests)."""
    _seen.clear()
