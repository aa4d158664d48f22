"""The ticket types of a bundle: what a phone must know of them to judge."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import TicketType, TypeGate, TypeZone
from voelgoed.catalog.validity import moment_of, window_on
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children


def types_of(event: Event) -> list[dict[str, Any]]:
    """Return an event's types, put away or not: re-entry, group, hours, and which zones and gates they open."""
    zones, gates = _links(event, TypeZone, "zone_id"), _links(event, TypeGate, "gate_id")
    return [
        {
            "number": one.number, "name": one.name, "reentry": one.reentry, "entries": one.reentry_entries,
            "until": _until(event, one), "group": one.group_min, "zones": zones[one.id], "gates": gates[one.id],
            "valid": {"from": one.valid_from, "until": one.valid_until}, "windows": _windows(event, one),
        }
        for one in children(event, TicketType).including_archived()
    ]  # fmt: skip


def _links(event: Event, link: type[TypeZone | TypeGate], name: str) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    query = select(link.ticket_type_id, getattr(link, name)).join(TicketType, TicketType.id == link.ticket_type_id)
    query = query.where(TicketType.event_id == event.id).execution_options(include_archived=True)
    for type_id, other in db.session.execute(query):
        found[type_id].append(str(other))
    return found


def _until(event: Event, sold: TicketType) -> dict[int, float]:
    """Return until when of each day, by its number, who left may come back: seconds since 1970."""
    clock, zone = sold.reentry_until, event.venue.timezone
    if clock is None:
        return {}
    return {day.number: moment_of(day.date, clock, zone, day.doors_at).timestamp() for day in children(event, Day)}


def _windows(event: Event, sold: TicketType) -> dict[int, list[float | None]]:
    """Return from when until when of each day, by its number, it lets in: seconds since 1970."""
    if sold.valid_from is None and sold.valid_until is None:
        return {}
    return {
        day.number: [at.timestamp() if at else None for at in window_on(sold, day, event.venue.timezone)]
        for day in children(event, Day)
    }
