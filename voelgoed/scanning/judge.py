"""Judges one scan against what was read: facts for the policy, the verdict, and what it does to the ticket's record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from voelgoed.foundation.dedup import dedup_of
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.fold import Fact, Tick, apply
from voelgoed.scanning.found import Found, KnownTicket
from voelgoed.scanning.policy import verdict_of
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.verdict import BY_NAME, POSITIVE
from voelgoed.ticketing.code import Read

WINDOW = timedelta(seconds=dedup_of(Scan).window)


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

    def judged(self, occupancy: dict[str, int] | None = None) -> Judged:
        """Return the answer as a value."""
        return Judged(
            self.asked.scan_id,
            self.verdict,
            self.said,
            tier=self.tier,
            event_id=UUID(self.device["event_id"]),
            day_id=UUID(self.day["id"]) if self.day else None,
            zone_id=UUID(self.gate["into_id"]),
            occupancy=occupancy,
        )


def place(case: Case, found: Found) -> None:
    """Say where and when the scan happened, and which ticket it is about."""
    asked = case.asked
    gate = found.gates.get(str(asked.gate_id)) if asked.gate_id else None
    own_venue = found.venues.get(case.device["event_id"])
    case.gate = gate if gate and gate["venue_id"] == own_venue else found.gates[case.device["gate_id"]]
    case.at = _effective(case, found)
    case.ticket = found.serials.get(asked.serial) if asked.serial else None
    if case.read is not None:
        case.ticket = found.tickets.get(case.read.content.ticket_id)
    case.day = _day(found.days.get(case.device["event_id"], []), case.at)
    case.late = bool(case.ticket and case.ticket.last and case.at <= case.ticket.last)


def _effective(case: Case, found: Found) -> datetime:
    """Return the server's time, or for a batch the phone's, corrected and held between its last contact and now."""
    if case.asked.batch_id is None:
        return found.now
    told = case.asked.scanned_at - timedelta(milliseconds=case.asked.clock_offset_ms)
    heard = case.device["heard"]
    earliest = datetime.fromtimestamp(heard, found.now.tzinfo) if heard is not None else told
    return min(max(told, earliest), found.now)


def _day(days: list[dict[str, Any]], at: datetime) -> dict[str, Any] | None:
    """Return the day that is on, else the next one, else the last."""
    if not days:
        return None
    return next((day for day in days if at.timestamp() < day["ends"]), days[-1])


def facts(case: Case, found: Found, zone_full: bool) -> dict[str, Any]:
    """State what the policy may ask about."""
    ticket = case.ticket
    said = {"direction": case.asked.direction, **case.bare, "ticket_known": ticket is not None}
    if ticket is None:
        return said
    wanted = case.asked.bodies or 1
    present = ticket.record.open()
    free = ticket.record.free(ticket.rule)
    moving = any(str(stay.zone_id) == case.gate["from_id"] for stay in present)
    said |= {
        "own_event": ticket.raw["event_id"] == case.device["event_id"],
        "replaced": case.read is not None and case.read.content.code_version < ticket.raw["code_version"],
        "void": ticket.rule.void_at is not None,
        "day": _day_fact(case, found),
        "zone_open": _zone_open(case, found),
        "inside": bool(present),
        "free": moving or len(free) >= wanted,
        "recent": _recent(case),
        "zone_full": zone_full,
    }
    return said


def _day_fact(case: Case, found: Found) -> str:
    """Say whether the ticket is for the day that is on: now, to come, gone, or another one."""
    day, ticket = case.day, case.ticket
    if day is None or ticket is None or case.at is None:
        return "gone"
    moment = case.at.timestamp()
    if ticket.raw["days_mask"] >> day["number"] & 1:
        return "to_come" if moment < day["doors"] else "gone" if moment >= day["ends"] else "now"
    later = any(
        ticket.raw["days_mask"] >> other["number"] & 1 and other["doors"] > moment
        for other in found.days[case.device["event_id"]]
    )
    return "another_to_come" if later else "another_gone"


def _zone_open(case: Case, found: Found) -> bool:
    """Say whether the ticket opens the gate's zone, or a zone inside it that one must walk through it to reach."""
    zones = case.ticket.raw["zones"] if case.ticket else None
    if not zones:
        return True
    return any(case.gate["into_id"] in found.around(zone) for zone in zones)


def _recent(case: Case) -> bool:
    """Say whether the last admission is inside the window, and nothing has closed it since."""
    present = case.ticket.record.open() if case.ticket else []
    if not present or case.at is None:
        return False
    return case.at - max(stay.opened_at for stay in present) < WINDOW


def decide(case: Case, found: Found, zone_full: bool = False) -> None:
    """Give the verdict, apply it to the ticket's record, and write the answer that is stored with the scan."""
    if case.known is not None and case.gate["from_id"] is None and case.known["event_id"] == case.device["event_id"]:
        case.verdict = "duplicate"
        case.said = {
            "message": _message(case, found), "ticket": case.known["ticket"], "previous": case.known["previous"],
        }  # fmt: skip
        return
    case.tier = "database"
    known = facts(case, found, zone_full)
    case.verdict = verdict_of(known)
    previous = _previous(case)
    if case.ticket is not None and (case.verdict in POSITIVE or case.verdict == "not_inside"):
        _do(case, found)
    case.said = {
        "message": _message(case, found),
        "ticket": _ticket(case),
        "previous": previous if case.verdict not in ("admitted", "exited") else None,
    }


def _do(case: Case, found: Found) -> None:
    ticket = case.ticket
    if ticket is None or case.at is None or case.day is None:
        return
    present = len(ticket.record.open())
    everyone = len(ticket.record.free(ticket.rule)) if case.asked.direction == "in" else present
    case.taken = case.asked.bodies or max(everyone, 1)
    before = len(ticket.record.ticks)
    fact = fact_of(case, found)
    if not case.late and case.verdict != "not_inside":
        apply(ticket.record, ticket.rule, fact)
    case.ticks = ticket.record.ticks[before:]
    ticket.gates[UUID(case.gate["id"])] = case.gate["name"]


def fact_of(case: Case, found: Found) -> Fact:
    """Return the scan as a fact of the fold."""
    if case.at is None or case.day is None:
        raise LookupError("a fact has a moment and a day")
    return Fact(
        kind=case.asked.direction,
        at=case.at,
        id=case.asked.scan_id,
        device_id=UUID(case.device["id"]),
        sequence=case.asked.sequence,
        day_id=UUID(case.day["id"]),
        way=found.way(case.gate),
        bodies=case.taken,
    )


def _previous(case: Case) -> dict[str, Any] | None:
    """Say where and when the ticket was last let in."""
    if case.ticket is None or not case.ticket.record.stays:
        return None
    last = max(case.ticket.record.stays, key=lambda stay: stay.opened_at)
    at = last.opened_at.isoformat().replace("+00:00", "Z")
    return {"gate": case.ticket.gates.get(last.gate_id, ""), "at": at}


def _ticket(case: Case) -> dict[str, Any] | None:
    """Say what the steward may know of the ticket; another event's says nothing but that."""
    ticket = case.ticket
    if ticket is None or case.verdict in ("wrong_event", "unknown_code", "forged"):
        return None
    return {
        "id": str(ticket.id),
        "type": ticket.raw["type"],
        "serial": ticket.raw["serial"],
        "admits": ticket.raw["bodies"],
        "inside": len(ticket.record.open()),
        "taken": case.taken,
    }


def _message(case: Case, found: Found) -> str:
    words = BY_NAME[case.verdict].message
    if case.verdict in ("too_early", "too_late") and case.day is not None and case.ticket is not None:
        mask = case.ticket.raw["days_mask"]
        own = [day for day in found.days[case.device["event_id"]] if mask >> day["number"] & 1]
        if own and own[0]["id"] != case.day["id"]:
            words += ": for another day"
    return words
