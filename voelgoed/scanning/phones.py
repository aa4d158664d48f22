"""The phones of an event, and which of them need a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from voelgoed.catalog.event import Event
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.scanning.device import Device
from voelgoed.scanning.scan import Scan

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
    heard = heard_of(event)
    found = [_phone(device, heard.get(device.id), at) for device in query]
    return sorted(found, key=lambda one: (one.trouble, one.gate, one.name))


def heard_of(event: Event) -> dict[UUID, datetime]:
    """Return when each phone was last heard, in UTC: by a heartbeat, or by the scan with its highest number."""
    last_scan = (
        select(Scan.created_at)
        .where(Scan.device_id == Device.id)
        .order_by(Scan.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(Device.id, func.greatest(Device.last_heard_at, last_scan)).where(Device.event_id == event.id)
    return {device_id: at for device_id, at in db.session.execute(query) if at is not None}


def out_of_service(event: Event) -> list[Device]:
    """Return the phones that were retired or lost, the last one first."""
    return children(event, Device).filter(Device.retired_at.is_not(None)).order_by(Device.retired_at.desc()).all()


def _phone(device: Device, heard_at: datetime | None, at: datetime) -> Phone:
    heard = heard_at.astimezone(ZoneInfo(device.event.venue.timezone)) if heard_at else None
    silent = heard is not None and at - heard > SILENT_AFTER
    return Phone(device.id, device.name, device.gate_id, device.gate.name, heard, silent, device.unsent, device.battery)
