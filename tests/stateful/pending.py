"""The model of deeds by the day's code: each counts once, as soon as its scan is known, if none decided before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from tests.stateful.gate import Fact, Gate, Ticket

SLACK = timedelta(milliseconds=1)
LET_IN = ("admitted", "offline_admitted")
GOES = ("admitted", "offline_admitted", "exited")
NEVER = ("forged", "unknown_code")


@dataclass
class Pending:
    """One deed that the server has."""

    device: UUID
    deed: dict[str, Any]
    proven: bool
    earliest: datetime
    latest: datetime
    counted: bool = False


@dataclass
class Deeds:
    """All deeds of one event."""

    tickets: Mapping[str, Ticket]
    gates: Mapping[str, Gate]
    known: dict[str, Pending] = field(default_factory=dict)

    def hear(
        self, device: UUID, paired: datetime, said: dict[str, Any], proven: bool, before: datetime, after: datetime
    ) -> dict[str, Any]:
        """Hear a deed out of a batch; returns what must stand in the batch's results."""
        key, again = said["deed_id"], said["deed_id"] in self.known
        if not again:
            at = datetime.fromisoformat(said["done_at"]) - timedelta(milliseconds=said["clock_offset_ms"])
            earliest, latest = (min(max(at, paired), one) for one in (before, after))
            self.known[key] = Pending(device, said, proven, earliest - SLACK, latest + SLACK)
        return {"scan_id": key, "deed": said["deed"], "verdict": said["deed"], "repeated": again}

    def count(self, device: UUID, scans: Mapping[UUID, Any]) -> None:
        """Let those of a phone count that can, after one of its batches was judged."""
        for one in self.known.values():
            if one.device == device and one.proven and not one.counted:
                self._count(one, scans)

    def _count(self, one: Pending, scans: Mapping[UUID, Any]) -> None:
        scan_id = UUID(one.deed["scan_id"])
        if (entry := scans.get(scan_id)) is None:
            return
        if one.deed["deed"] == "undo" and entry.verdict not in GOES:
            scan_id = uuid5(scan_id, "let in")
            entry = scans.get(scan_id, entry)
        ticket = self.tickets.get(entry.said[0])
        if ticket is None or entry.verdict in NEVER or entry.said[1] != "in":
            return
        if one.deed["deed"] == "undo":
            one.counted = entry.verdict in LET_IN and scan_id not in ticket.undone
            ticket.undone |= {scan_id} if one.counted else set()
        elif entry.verdict not in GOES and all(f.kind != "over" or f.source != scan_id for f in ticket.facts):
            one.counted, gate = True, self.gates[entry.said[3]]
            ticket.facts.append(
                Fact(UUID(one.deed["deed_id"]), "over", entry.device, entry.number, gate, one.deed["bodies"], scan_id,
                     one.earliest, one.latest)
            )  # fmt: skip
