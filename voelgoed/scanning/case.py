"""One scan with everything that is known about it: where and when it happened, and which ticket it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.entry_stop import Stops
from voelgoed.scanning.fact import NIL, Tick
from voelgoed.scanning.found import Found, KnownTicket
from voelgoed.scanning.rule import known_id, moment
from voelgoed.ticketing.code import Read


@dataclass
class Case:
    """One scan with everything that is known about it; `bare` says what reading its code alone has shown."""

    asked: Asked
    read: Read | None
    bare: dict[str, Any]
    device: dict[str, Any] = field(default_factory=dict)
    gate: dict[str, Any] = field(default_factory=dict)
    day: dict[str, Any] | None = None
    ticket: KnownTicket | None = None
    at: datetime | None = None
    taken: int = 0
    late: bool = False
    verdict: str = ""
    tier: str = "database"
    said: dict[str, Any] = field(default_factory=dict)
    ticks: list[Tick] = field(default_factory=list)
    known: dict[str, Any] | None = None
    """What memory or cache know of the ticket's last admission; None: the database is asked."""

    @property
    def ticket_id(self) -> UUID | None:
        """Return which ticket it is about; a duplicate that a fast tier knew was not read, but was genuine."""
        if self.verdict == "duplicate" and self.known is not None and self.read is not None:
            return self.read.content.ticket_id
        return self.ticket.id if self.ticket else None

    def remembered(self) -> dict[str, Any]:
        """Return what the fast tiers shall say of this admission."""
        at = self.at.isoformat().replace("+00:00", "Z") if self.at else ""
        return {
            "event_id": self.device["event_id"],
            "previous": {"gate": self.gate["name"], "at": at},
            "ticket": self.said["ticket"],
        }

    @property
    def moving(self) -> bool:
        """Say whether the gate leads on from a zone in which the ticket is."""
        return self._present_in(self.gate["from_id"]) > 0

    @property
    def free(self) -> list[int]:
        """Return the passes of its ticket that may enter now."""
        if self.ticket is None or self.at is None:
            return []
        day_id = known_id(self.day["id"]) if self.day else NIL
        return self.ticket.record.free(self.ticket.rule, self.at, day_id)

    @property
    def wanted(self) -> int:
        """Return for how many bodies it asks; when it does not say, for all that may pass this gate this way."""
        if self.asked.bodies is not None or self.ticket is None:
            return self.asked.bodies or 1
        record = self.ticket.record
        if self.asked.direction == "out":
            able = self._present_in(self.gate["into_id"]) or len(record.open())
        else:
            able = self._present_in(self.gate["from_id"]) or len(self.free)
        return max(able, 1)

    @property
    def moved(self) -> bool:
        """Say whether the phone stands elsewhere than it thought when it scanned."""
        return "moved" in self.device or str(self.asked.gate_id or self.device["gate_id"]) != self.device["gate_id"]

    def _present_in(self, zone_id: str | None) -> int:
        present = self.ticket.record.open() if self.ticket else []
        return sum(str(stay.zone_id) == zone_id for stay in present)

    def stops(self, found: Found) -> Stops:
        """Return where entry is stopped now."""
        return found.stops.get(self.device["event_id"], Stops(self.device["event_id"]))

    def judged(self, occupancy: dict[str, int] | None = None) -> Judged:
        """Return the answer as a value."""
        return Judged(
            self.asked.scan_id,
            self.verdict,
            self.said,
            tier=self.tier,
            event_id=known_id(self.device["event_id"]),
            day_id=known_id(self.day["id"]) if self.day else None,
            zone_id=known_id(self.gate["into_id"]),
            occupancy=occupancy,
            moved=self.moved,
        )


def stood(device: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """Return a device as it was where it says that it scanned, if it has stood there; else as it is."""
    gate_id = (device["stood"] or {}).get(str(asked.event_id))
    if gate_id is None or str(asked.event_id) == device["event_id"]:
        return device
    return device | {"event_id": str(asked.event_id), "gate_id": gate_id, "moved": True}


def place(case: Case, found: Found, index: int = 0) -> None:
    """Say where and when the scan happened, and which ticket it is about; `index` is its place in the list."""
    asked = case.asked
    gate = found.gates.get(str(asked.gate_id)) if asked.gate_id else None
    own_venue = found.venues.get(case.device["event_id"])
    case.gate = gate if gate and gate["venue_id"] == own_venue else found.gates[case.device["gate_id"]]
    case.at = _effective(case, found, index)
    case.ticket = found.serials.get(asked.serial) if asked.serial else None
    if case.read is not None:
        case.ticket = found.tickets.get(case.read.content.ticket_id)
    case.day = _day(found.days.get(case.device["event_id"], []), case.at)
    case.late = _ended(case)


def _ended(case: Case) -> bool:
    """Say whether the day had ended by then, so that everybody who was inside had left."""
    ended = case.day["ended"] if case.day else None
    return case.at is not None and ended is not None and case.at <= moment(ended)


def _effective(case: Case, found: Found, index: int) -> datetime:
    """Return the server's time, or for a batch the phone's, corrected and held between its last contact and now.

    What the server has heard since does not count: it would make the order depend on when a batch arrives.
    """
    if case.asked.batch_id is None:
        # Scans judged together have an order too, the same in which they are judged.
        return found.now + timedelta(microseconds=index)
    told = case.asked.scanned_at - timedelta(milliseconds=case.asked.clock_offset_ms)
    earliest = max(moment(case.device["paired"]), case.asked.contact_at or told)
    return min(max(told, earliest), found.now)


def _day(days: list[dict[str, Any]], at: datetime) -> dict[str, Any] | None:
    """Return the day that is on, else the next one, else the last."""
    if not days:
        return None
    return next((day for day in days if at.timestamp() < day["ends"]), days[-1])
