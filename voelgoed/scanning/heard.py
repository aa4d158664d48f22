"""A phone says how it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.live import publish
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire

INT = 2**31


@dataclass(frozen=True)
class Health:
    """What a phone says of itself: scans that the server lacks, its bundle, percent of battery, its clock."""

    unsent: int
    bundle_version: str | None = None
    bundle_made_at: datetime | None = None
    battery: int | None = None
    clock: datetime | None = None
    app_version: str | None = None


def hear(device: Device, said: Health) -> str:
    """Write down how a phone is; return `active`, or `retiring` for one that shall hand in and go.

    One that was asked to go and has handed everything in is out of service from here on.
    """
    device.last_heard_at = now()
    device.unsent, device.battery, device.app_version = said.unsent, said.battery, said.app_version
    device.bundle_version, device.bundle_made_at = said.bundle_version, said.bundle_made_at
    device.address = current_app.config["PUBLIC_URL"]
    if said.clock is not None:
        offset = round((said.clock - now()).total_seconds() * 1000)
        device.clock_offset_ms = max(-INT, min(INT - 1, offset))
    if device.retiring_at is not None and said.unsent == 0:
        retire(device)
    db.session.flush()
    publish("devices", device.event_id)
    return "active" if device.retiring_at is None else "retiring"
