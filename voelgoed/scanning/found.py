"""What one read found: devices, gates, days, zones, repeats and tickets, by id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from voelgoed.foundation.tenancy.trip import Reply, Statement, trip
from voelgoed.scanning.asked import Asked
from voelgoed.scanning.entry_stop import Stops, stops_from
from voelgoed.scanning.fact import Emptied, Record, Rule, Stay, Way
from voelgoed.scanning.rule import emptied_of, known_id, moment, rule_of

SQL = Path(__file__).parent / "sql"
READ = Statement((SQL / "read.sql").read_text())
LOCK = Statement((SQL / "lock_tickets.sql").read_text())


@dataclass
class KnownTicket:
    """A ticket with its record so far; judging a list applies scan after scan to it."""

    raw: dict[str, Any]
    rule: Rule
    record: Record
    gates: dict[UUID, str]
    last: datetime | None
    unsure: bool = False
    """A fact of the list is left to the fold, so what the record says is not all."""

    @property
    def id(self) -> UUID:
        """Return the ticket's id."""
        return self.rule.ticket_id


@dataclass
class Found:
    """One read, taken apart."""

    now: datetime
    devices: dict[str, dict[str, Any]]
    gates: dict[str, dict[str, Any]]
    zones: dict[str, dict[str, Any]]
    days: dict[str, list[dict[str, Any]]]
    venues: dict[str, str]
    repeats: dict[tuple[str, int] | str, dict[str, Any]]
    """What was answered before, by the scan's name and by its phone's number."""
    tickets: dict[UUID, KnownTicket]
    serials: dict[str, KnownTicket]
    timezones: dict[str, str] = field(default_factory=dict)
    """Of the venue, by event."""
    stops: dict[str, Stops] = field(default_factory=dict)
    """Where entry is stopped, by event."""
    to_lock: list[str] = field(default_factory=list)
    to_lock_days: set[UUID] = field(default_factory=set)
    """Zones whose locks are taken, shared, in the trip that writes, and the days of their figures."""
    later: Reply | None = None
    """What came in between reading and writing, as asked in the trip that wrote."""

    def stored(self, asked: Asked, device_id: str) -> list[dict[str, Any]]:
        """Return what was answered before under a scan's name, or under its number."""
        by = (self.repeats.get(str(asked.scan_id)), self.repeats.get((device_id, asked.sequence)))
        return [one for one in by if one is not None]

    def way(self, gate: dict[str, Any]) -> Way:
        """Return a gate as the fold sees it."""
        from_id = known_id(gate["from_id"]) if gate["from_id"] else None
        return Way(known_id(gate["id"]), from_id, known_id(gate["into_id"]))

    def entered(self, gate: dict[str, Any]) -> list[str]:
        """Return the zones into which a gate leads: who comes from a zone is inside those around it already."""
        already = self.around(gate["from_id"]) if gate["from_id"] else []
        return [zone for zone in self.around(gate["into_id"]) if zone not in already]

    def around(self, zone_id: str) -> list[str]:
        """Return a zone and those around it, innermost first."""
        ring: list[str] = []
        at: str | None = zone_id
        while at and at not in ring:
            ring.append(at)
            at = self.zones.get(at, {}).get("parent_id")
        return ring


def read(asked: Sequence[Asked], ticket_ids: Sequence[UUID], shared: Sequence[UUID]) -> Found:
    """Read everything that judging needs; tickets for several bodies are locked first.

    `shared` are those that a code says are for several; a typed serial does not say it, the database does.
    """
    serials = [one.serial for one in asked if one.serial]
    with trip("scanning.judge") as sent:
        if shared or serials:
            sent.send(LOCK, {"ticket_ids": sorted(set(shared)), "serials": sorted(set(serials))})
        found = sent.send(
            READ,
            {
                "asked": _asked(asked),
                "scan_ids": [one.scan_id for one in asked],
                "ticket_ids": list(ticket_ids),
                "serials": serials,
            },
        )
    return _apart(found.one()[0])


def _asked(asked: Sequence[Asked]) -> str:
    return json.dumps(
        [
            {
                "token": one.token_hash.hex(),
                "sequence": one.sequence,
                "gate_id": str(one.gate_id) if one.gate_id else None,
                "event_id": str(one.event_id) if one.event_id else None,
            }
            for one in asked
        ]
    )


def _apart(found: dict[str, Any]) -> Found:
    days: dict[str, list[dict[str, Any]]] = {}
    for day in sorted(found["days"], key=lambda one: one["number"]):
        days.setdefault(day["event_id"], []).append(day)
    emptied = [emptied_of(one) for one in found["emptied"]]
    tickets = [_ticket(raw, emptied) for raw in found["tickets"]]
    return Found(
        now=moment(found["now"]),
        devices={one["token"]: one for one in found["devices"]},
        gates={one["id"]: one for one in found["gates"]},
        zones={one["id"]: one for one in found["zones"]},
        days=days,
        venues={one["id"]: one["venue_id"] for one in found["events"]},
        repeats=_repeats(found["repeats"]),
        tickets={one.id: one for one in tickets},
        serials={one.raw["serial"]: one for one in tickets},
        timezones={one["id"]: one["timezone"] for one in found["events"]},
        stops=_stops(found["stops"]),
    )


def _stops(found: Sequence[dict[str, Any]]) -> dict[str, Stops]:
    events = {one["event_id"] for one in found}
    return {
        event: stops_from(event, ((one["zone_id"], one["resumed"]) for one in found if one["event_id"] == event))
        for event in events
    }


def _repeats(found: list[dict[str, Any]]) -> dict[tuple[str, int] | str, dict[str, Any]]:
    return {one["id"]: one for one in found} | {(one["device_id"], one["sequence"]): one for one in found}


def _ticket(raw: dict[str, Any], emptied: list[Emptied]) -> KnownTicket:
    stays = raw["stays"] or []
    return KnownTicket(
        raw=raw,
        rule=rule_of(raw),
        record=Record(stays=[stay_of(one) for one in stays], emptied=emptied),
        gates={known_id(one["gate_id"]): one["gate"] for one in stays},
        last=moment(raw["last"]) if raw["last"] is not None else None,
    )


def stay_of(raw: dict[str, Any]) -> Stay:
    """Return an admission's row as the fold sees it."""
    return Stay(
        id=UUID(raw["id"]),
        scan_id=UUID(raw["scan_id"]),
        device_id=known_id(raw["device_id"]),
        day_id=known_id(raw["day_id"]),
        gate_id=known_id(raw["gate_id"]),
        zone_id=known_id(raw["zone_id"]),
        pass_number=raw["pass_number"],
        entry_number=raw["entry_number"],
        move_number=raw["move_number"],
        opened_at=moment(raw["opened"]),
        closed_at=moment(raw["closed"]) if raw["closed"] is not None else None,
        cause=raw["cause"],
    )
