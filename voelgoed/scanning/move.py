"""Moving a phone to another gate or event; it follows by itself when it next hears from the server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.live import publish
from voelgoed.foundation.tenancy import children, current_scope, rows
from voelgoed.scanning.device import Device
from voelgoed.scanning.device_move import DeviceMove

OVER = timedelta(days=1)
"""How long after its end an event is still a place to move a phone to."""


def move(device: Device, event: Event, gate: Gate) -> None:
    """Put a phone at a gate of an event; a spare is in use from here on, and unsent scans keep their old place."""
    if (device.event_id, device.gate_id) == (event.id, gate.id):
        return
    left = DeviceMove(
        device_id=device.id, event_id=device.event_id, gate_id=device.gate_id, actor=current_scope().actor.label
    )
    db.session.add(left)
    publish("devices", device.event_id)
    if device.event_id != event.id:
        device.bundle_version = device.bundle_made_at = None
        device.stops_known = 0  # it counts the stops of the event that it left
    device.event_id, device.gate_id, device.spare = event.id, gate.id, False
    db.session.flush()
    publish("devices", event.id)


def places() -> Iterator[tuple[Event, Gate]]:
    """Yield where a phone may stand: each gate of each event that is not long over."""
    ends = select(Day.event_id).where(Day.ends_at > now() - OVER)
    for event in rows(Event).filter(Event.id.in_(ends)).order_by(Event.name):
        for gate in children(event.venue, Gate).order_by(Gate.name):
            yield event, gate


def place_of(said: str) -> tuple[Event, Gate] | None:
    """Return the event and gate of `event/gate`, None for what is no place of this organization."""
    event_id, _, gate_id = said.partition("/")
    return next(((e, g) for e, g in places() if (str(e.id), str(g.id)) == (event_id, gate_id)), None)


def places_left(device_id: UUID) -> list[DeviceMove]:
    """Return where a phone stood before, the last one first."""
    return rows(DeviceMove).filter(DeviceMove.device_id == device_id).order_by(DeviceMove.id.desc()).all()
