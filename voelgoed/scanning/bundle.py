"""What a phone needs to judge without network: keys, days, zones, policy, and the tickets under keyed hashes.

Nothing personal is in it. The tickets lie in one run of records, sorted by hash, so that a phone reads them without
taking them apart: 16 bytes of HMAC-SHA-256 of the ticket's id under the event's pepper, 8 of its serial (letters and
digits alone), then code version 1, type 1, days 2, bodies 1, flags 1 (bit 0: void, bit 1: blocked), big-endian.
`stays` says of those that came in, by their place in that run, the last stay of each pass: [pass, place of the zone in
`zones` or null when it has left, second since 1970, which entry, 1 if its zone was emptied since].
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Gate, Zone
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, set_based
from voelgoed.scanning.bundle_kept import changed, whole
from voelgoed.scanning.bundle_types import types_of
from voelgoed.scanning.day_code import for_phones
from voelgoed.scanning.found import SQL
from voelgoed.scanning.judge import WINDOW
from voelgoed.scanning.pepper import pepper_of
from voelgoed.scanning.policy import TABLE
from voelgoed.scanning.stop_entry import stops_of
from voelgoed.ticketing.signing_key import SigningKey

TICKETS = text((SQL / "bundle_tickets.sql").read_text())
CURSOR = text((SQL / "cursor.sql").read_text())


@dataclass(frozen=True)
class Cursor:
    """Up to where a phone knows the tickets: the database's life, and the first transaction to look at next."""

    life: str
    next: int

    def __str__(self) -> str:
        return f"{self.life}.{self.next}"


def bundle(event: Event, since: str | None) -> dict[str, Any]:
    """Return an event's bundle; with a `since` of this database's life only the tickets that changed."""
    cursor = _cursor()
    life, _, begun = (since or "").rpartition(".")
    first = int(begun) if life == cursor.life and begun.isascii() and begun.isdigit() and len(begun) < 19 else 0
    zones = _zones(event)
    tickets, stays = _tickets(event, first, cursor)
    return {
        "version": str(cursor),
        "whole": first == 0,
        "made_at": now().isoformat().replace("+00:00", "Z"),
        "event": {"id": str(event.id), "name": event.name, "rehearsal": event.rehearsal},
        "pepper": _text(pepper_of(event)),
        "keys": _keys(event),
        "days": _days(event),
        "zones": zones,
        "gates": _gates(event),
        "types": types_of(event),
        "policy": TABLE["rows"],
        "codes": for_phones(event),
        "stops": stops_of(event.id).said(),
        "window_seconds": int(WINDOW.total_seconds()),
        "tickets": tickets,
        "stays": _places(stays, zones),
    }


def _cursor() -> Cursor:
    """Read where to go on before the tickets are read: what commits in between comes twice, and is never missed."""
    with set_based("scanning.judge"):
        row = db.session.execute(CURSOR).one()
    return Cursor(row.life, row.next)


def _tickets(event: Event, first: int, cursor: Cursor) -> tuple[str, dict[int, Any]]:
    """Return tickets that changed since a transaction, or all of them, of which this process remembers most."""
    pepper = pepper_of(event)

    def read(since: int) -> Sequence[Any]:
        with set_based("scanning.judge"):
            return db.session.execute(TICKETS, {"event_id": event.id, "since": since}).all()

    if first:
        records, stays = changed(pepper, read(first))
    else:
        records, stays = whole((event.organization_id, event.id, cursor.life), pepper, cursor.next, read)
    return _text(records), stays


def _places(stays: dict[int, Any], zones: Sequence[dict[str, Any]]) -> dict[int, Any]:
    """Name zones by their place in the list: a zone's id in each body's stay was most of the bundle's weight."""
    at = {None: None} | {zone["id"]: place for place, zone in enumerate(zones)}
    return {
        ticket: [[number, at[zone], *rest, int(freed)] for number, zone, *rest, freed in said]
        for ticket, said in stays.items()
    }


def _keys(event: Event) -> list[dict[str, Any]]:
    """Return the public keys of this event, and of the organization's others, whose tickets are at the wrong one."""
    query = select(SigningKey.number, SigningKey.public_key, SigningKey.event_id).where(SigningKey.revoked_at.is_(None))
    return [
        {"id": number, "public": _text(key), "own": event_id == event.id}
        for number, key, event_id in db.session.execute(query)
    ]


def _days(event: Event) -> list[dict[str, Any]]:
    return [
        {"id": str(day.id), "number": day.number, "doors": day.doors_at.timestamp(), "ends": day.ends_at.timestamp()}
        for day in children(event, Day).order_by(Day.number)
    ]


def _zones(event: Event) -> list[dict[str, Any]]:
    zones = children(event.venue, Zone).including_archived()
    return [{"id": str(one.id), "parent_id": _id(one.parent_id), "name": one.name} for one in zones]


def _gates(event: Event) -> list[dict[str, Any]]:
    gates = children(event.venue, Gate).including_archived()
    return [
        {"id": str(one.id), "name": one.name, "from_id": _id(one.from_id), "into_id": str(one.into_id)} for one in gates
    ]


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
