"""The demo's paired phones: one at each gate."""

from __future__ import annotations

from sqlalchemy import func, select

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.demo.secrets_file import HouseSecrets
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import make_pairing, pair
from voelgoed.scanning.scan import Scan


def pair_all(event: Event, held: HouseSecrets) -> None:
    """Pair a phone at each gate of the event's venue and keep its token."""
    for gate in children(event.venue, Gate).order_by(Gate.name):
        pairing, _ = make_pairing(event, gate, f"{gate.name} 1")
        device, token = pair(pairing)
        held.device_tokens[str(device.id)] = token


def next_sequence(device: Device) -> int:
    """Return the number that the device's next scan has."""
    last = db.session.scalar(select(func.max(Scan.sequence)).where(Scan.device_id == device.id))
    return (last or 0) + 1
