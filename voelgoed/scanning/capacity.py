"""Capacity of a zone, exactly and without a queue at the gates.

Far below it scans only share a lock on the zone; near it they take the lock alone and count again, so that the door
never lets in above the number. What "far" is, a figure read at most four times a second says.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, set_based
from voelgoed.occupancy.figure import bodies_of
from voelgoed.occupancy.minute import INWARD, OUTWARD
from voelgoed.scanning.case import Case
from voelgoed.scanning.found import SQL, Found

LOCK_ZONES = text((SQL / "lock_zones.sql").read_text())
MARGIN_PART = 20
MARGIN_LEAST = 256
FRESH_SECONDS = 0.25
_seen: dict[tuple[UUID, UUID], tuple[float, dict[UUID, int]]] = {}


@dataclass
class Full:
    """Room left in the zones that are near their capacity; zones that are far from it are not listed."""

    left: dict[str, int] = field(default_factory=dict)
    rings: dict[str, list[str]] = field(default_factory=dict)

    def is_full(self, case: Case) -> bool:
        """Say whether the scan's zone, or one around it, has no room for its bodies."""
        wanted = case.asked.bodies or 1
        return any(self.left.get(zone, wanted) < wanted for zone in self._entered(case))

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


def full_zones(cases: Sequence[Case], found: Found) -> Full:
    """Lock the zones that are entered, in order, and count again those that are near their capacity."""
    entering = [case for case in cases if case.asked.direction == "in" and case.day is not None]
    full = Full(rings={zone: found.around(zone) for zone in found.zones})
    zones = sorted({zone for case in entering for zone in full.rings[case.gate["into_id"]]})
    if not zones:
        return full
    days = {UUID(case.day["id"]) for case in entering if case.day}
    near = [zone for zone in zones if _near(zone, days, found)]
    _lock(zones, near)
    if near:
        for zone in near:
            inside = max(bodies_of(day).get(UUID(zone), 0) for day in days)
            full.left[zone] = found.zones[zone]["capacity"] - inside
    return full


def _near(zone: str, days: set[UUID], found: Found) -> bool:
    capacity = found.zones[zone]["capacity"]
    margin = max(capacity // MARGIN_PART, MARGIN_LEAST)
    return bool(max(_last_known(day).get(UUID(zone), 0) for day in days) >= capacity - margin)


def _last_known(day: UUID) -> dict[UUID, int]:
    key = (current_scope().organization_id, day)
    at, figure = _seen.get(key, (0.0, {}))
    if time.monotonic() - at > FRESH_SECONDS:
        figure = bodies_of(day)
        _seen[key] = (time.monotonic(), figure)
    return figure


def shown(case: Case, found: Found) -> dict[str, int] | None:
    """Return what the phone shows of the house: the last known figure and what this scan has added to it."""
    if case.day is None:
        return None
    figure = _last_known(UUID(case.day["id"]))
    step = case.taken if case.verdict == "admitted" else -case.taken if case.verdict == "exited" else 0
    zone = case.gate["into_id"]
    roots = [one for one, said in found.zones.items() if said["parent_id"] is None]
    return {
        "event": max(0, sum(figure.get(UUID(root), 0) for root in roots) + step),
        "zone": max(0, figure.get(UUID(zone), 0) + step),
        "capacity": found.zones[zone]["capacity"],
    }


def _lock(zones: list[str], near: list[str]) -> None:
    """Take all locks in one statement, sorted, so that two lists never wait for each other in a ring."""
    with set_based("scanning.judge"):
        db.session.execute(LOCK_ZONES, {"zones": zones, "near": near})


def forget() -> None:
    """Forget the last known figures (after a restore, and between tests)."""
    _seen.clear()
