"""What the server must have written down of an event's scans, by the model: each once, as it was answered first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from tests.stateful.gate import Fact, Gate, Moments, Ticket

SLACK = timedelta(milliseconds=1)  # clocks are compared as seconds with a fraction
CAME_OR_WENT = ("admitted", "offline_admitted", "exited", "not_inside")
GOES = ("admitted", "offline_admitted", "exited")
SAID = ("code", "direction", "scanned_at", "gate_id", "bodies", "recheck")
CONFLICT = "sequence_conflict"


@dataclass(frozen=True)
class Sender:
    """The phone that scanned, as the server knows it."""

    id: UUID
    paired: datetime
    gate: Gate


@dataclass
class Entry:
    """One scan that was written down."""

    device: UUID
    number: int
    said: tuple[Any, ...]
    verdict: str


@dataclass
class Book:
    """All that the server has heard of one event."""

    tickets: Mapping[str, Ticket]
    moments: Moments
    scans: dict[UUID, Entry] = field(default_factory=dict)
    places: dict[tuple[UUID, int], UUID] = field(default_factory=dict)
    ends: list[datetime] = field(default_factory=list)

    def first(self, device: UUID, body: dict[str, Any]) -> str | None:
        """Return the first answer if the scan was written down, or that it contradicts what was."""
        key = UUID(body["scan_id"])
        entry, other = self.scans.get(key), self.places.get((device, body["sequence"]))
        if entry is None and other is None:
            return None
        same = entry is not None and other == key and entry.said == tuple(body.get(one) for one in SAID)
        return entry.verdict if entry and same else CONFLICT

    def hear(self, sender: Sender, body: dict[str, Any], answer: str, before: datetime, after: datetime) -> None:
        """Hear a scan with network: what it was answered must be right, and is written down."""
        if (known := self.first(sender.id, body)) is not None:
            assert answer == known, (answer, known, body)
            return
        ticket, way, gate = self.tickets.get(body["code"]), body["direction"], sender.gate
        if ticket is None:
            assert answer in ("forged", "unknown_code"), answer
            self._write(sender, body, answer)
            return
        house = ticket.house(self.moments, self.ends)
        bodies = body.get("bodies") or ticket.wanted(house, way, gate)
        wanted = ticket.verdict(house, way, gate, bodies, after)
        assert answer == wanted or (answer == "duplicate" and self._stale(ticket, body, wanted)), (answer, wanted, body)
        self._write(sender, body, answer)
        if answer in CAME_OR_WENT:
            self._happened(ticket, sender, body, bodies, before - SLACK, after + SLACK)

    def _stale(self, ticket: Ticket, body: dict[str, Any], wanted: str) -> bool:
        """Say whether a fast tier may still know an admission that is over: for ever without re-entry, else 5 s."""
        if body["recheck"] or body["direction"] == "out" or ticket.bodies > 1:
            return False
        return wanted in ("already_inside", "no_reentry") or (wanted == "admitted" and bool(self.ends))

    def hear_later(self, sender: Sender, scan: dict[str, Any], before: datetime, after: datetime) -> dict[str, Any]:
        """Hear a scan out of a batch; returns what must stand in the batch's results."""
        key, told, ticket = scan["scan_id"], scan["offline_verdict"], self.tickets.get(scan["code"])
        known = self.first(sender.id, scan)
        if known == CONFLICT:
            return {"scan_id": key, "rejected": CONFLICT}
        verdict = known or self._late_verdict(ticket, scan)
        if known is None:
            self._write(sender, scan, verdict)
        let_in = known is not None and scan["direction"] == "in" and told in GOES and known not in GOES
        if let_in and ticket is not None:  # the refusal never reached the phone, and somebody went in
            own = {**scan, "scan_id": str(uuid5(UUID(key), "let in")), "sequence": -1 - scan["sequence"]}
            self.hear_later(sender, own, before, after)
        if ticket is not None and known is None and verdict in CAME_OR_WENT:
            at = datetime.fromisoformat(scan["scanned_at"]) - timedelta(milliseconds=scan["clock_offset_ms"])
            earliest, latest = (min(max(at, sender.paired), one) for one in (before, after))
            self._happened(ticket, sender, scan, scan["bodies"] or ticket.bodies, earliest - SLACK, latest + SLACK)
        return {"scan_id": key, "verdict": verdict, "repeated": known is not None}

    @staticmethod
    def _late_verdict(ticket: Ticket | None, scan: dict[str, Any]) -> str:
        if ticket is None:
            return "forged"
        told: str = scan["offline_verdict"]
        return "offline_admitted" if scan["direction"] == "in" and told in GOES else told

    def _write(self, sender: Sender, body: dict[str, Any], verdict: str) -> None:
        key, said = UUID(body["scan_id"]), tuple(body.get(one) for one in SAID)
        self.scans[key] = Entry(sender.id, body["sequence"], said, verdict)
        self.places[sender.id, body["sequence"]] = key

    @staticmethod
    def _happened(
        ticket: Ticket, sender: Sender, body: dict[str, Any], bodies: int, earliest: datetime, latest: datetime
    ) -> None:
        key = UUID(body["scan_id"])
        number, way = body["sequence"], body["direction"]
        ticket.facts.append(Fact(key, way, sender.id, number, sender.gate, bodies, key, earliest, latest))
