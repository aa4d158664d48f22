"""The phones of an event, and which of them need a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from voelgoed.catalog.event import Event
from voelgoed.foundation.tenancy import children
from voelgoed.scanning.device import Device

SILENT_AFTER = timedelta(minutes=3)


@dataclass(frozen=True)
class Phone:
    """A phone in use: when it was last heard, in the venue's time."""

    id: UUID
    name: str
    gate_id: UUID
    gate: str
    heard_at: datetime | None
    silent: bool
    unsent: int
    battery: int | None

    @property
    def trouble(self) -> int:
        """Return what to sort by: never heard, then silent, then the rest."""
        return 0 if self.heard_at is None else 1 if self.silent else 2


def in_use(event: Event, at: datetime) -> list[Phone]:
    """Return the phones of an event that are in use at `at`, trouble first."""
    query = children(event, Device).filter(Device.retired_at.is_(None), Device.lost_at.is_(None))
    found = [_phone(device, at) for device in query]
    return sorted(found, key=lambda one: (one.trouble, one.gate, one.name))


def out_of_service(event: Event) -> list[Device]:
    """Return the phones that were retired or lost, the last one first."""
    return children(event, Device).filter(Device.retired_at.is_not(None)).order_by(Device.retired_at.desc()).all()


def _phone(device: Device, at: datetime) -> Phone:
    zone = ZoneInfo(device.event.venue.timezone)
    heard = device.last_heard_at.astimezone(zone) if device.last_heard_at else None
    silent = heard is not None and at - heard > SILENT_AFTER
    return Phone(device.id, device.name, device.gate_id, device.gate.name, heard, silent, device.unsent, device.battery)
