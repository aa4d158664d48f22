"""Places for gate passes: of a zone or the whole venue, so many on each day, kept from what is sold."""

from __future__ import annotations

from uuid import UUID

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.offering import Selling, give_days, next_number, open_zones, selling
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children

NAME = "Gate pass"


def gate_pass_types(event: Event) -> list[Selling]:
    """Return an event's gate passes, each with its pool of each day."""
    return [one for one in selling(event) if one.type.gate_pass]


def keep_places(event: Event, zone: Zone | None, capacity: int) -> TicketType:
    """Keep so many places of a zone (none: of the venue) for gate passes, on each day that the event has."""
    wanted = [zone.id] if zone else []
    found = next((one.type for one in gate_pass_types(event) if one.zone_ids == wanted), None)
    sold = found or _begin(event, zone, wanted)
    give_days(sold, children(event, Day).order_by(Day.number).all(), capacity, None)
    return sold


def _begin(event: Event, zone: Zone | None, zones: list[UUID]) -> TicketType:
    name = f"{NAME}, {zone.name}"[:120] if zone else NAME
    made = TicketType(
        event_id=event.id, number=next_number(event), name=name, price_cents=0, gate_pass=True, archived_at=now()
    )
    db.session.add(made)
    db.session.flush()
    open_zones(made, zones)
    return made
