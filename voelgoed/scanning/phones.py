"""The phones of an event, and which of them need a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.scanning.device import Device
from voelgoed.scanning.scan import Scan

SILENT_AFTER = timedelta(minutes=3)
_LAST_SCAN = (
    select(Scan.created_at)
    .where(Scan.device_id == Device.id)
    .order_by(Scan.sequence.desc())
    .limit(1)
    .correlate(Device)
    .scalar_subquery()
)
HEARD_AT = func.greatest(Device.last_heard_at, _LAST_SCAN)
"""When a phone was last heard: by a heartbeat, or by the scan with its highest number."""


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
    query = (
        select(Device.id, Device.name, Device.gate_id, Gate.name, HEARD_AT, Device.unsent, Device.battery)
        .join(Gate, Gate.id == Device.gate_id)
        .where(Device.event_id == event.id, Device.retired_at.is_(None), Device.lost_at.is_(None))
        .execution_options(include_archived=True)
    )
    zone = ZoneInfo(event.venue.timezone)
    found = [_phone(*row, at=at, zone=zone) for row in db.session.execute(query)]
    return sorted(found, key=lambda one: (one.trouble, one.gate, one.name))


def heard_at_gates(event: Event) -> dict[UUID, datetime]:
    """Return when each gate was last heard, in UTC, by whichever of its phones."""
    query = select(Device.gate_id, HEARD_AT).where(Device.event_id == event.id)
    heard: dict[UUID, datetime] = {}
    for gate_id, at in db.session.execute(query):
        if at is not None:
            heard[gate_id] = max(at, heard.get(gate_id, at))
    return heard


def out_of_service(event: Event) -> list[Device]:
    """Return the phones that were retired or lost, the last one first."""
    return children(event, Device).filter(Device.retired_at.is_not(None)).order_by(Device.retired_at.desc()).all()


def _phone(
    device_id: UUID, name: str, gate_id: UUID, gate: str, heard_at: datetime | None, unsent: int, battery: int | None,
    *, at: datetime, zone: ZoneInfo,
) -> Phone:  # fmt: skip
    heard = heard_at.astimezone(zone) if heard_at else None
    silent = heard is not None and at - heard > SILENT_AFTER
    return Phone(device_id, name, gate_id, gate, heard, silent, unsent, battery)
