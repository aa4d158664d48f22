"""The phones of an event, and which of them need a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.scanning.device import Device
from voelgoed.scanning.scan import Scan

SILENT_AFTER = timedelta(minutes=3)
OLD_BUNDLE = timedelta(minutes=10)
LOW_BATTERY = 20  # percent
WRONG_CLOCK = 120_000  # milliseconds
_LAST_SCAN = (
    select(Scan.created_at)
    .where(Scan.device_id == Device.id, Scan.batch_id.is_(None))
    .order_by(Scan.sequence.desc())
    .limit(1)
    .correlate(Device)
    .scalar_subquery()
)
HEARD_AT = func.greatest(Device.last_heard_at, _LAST_SCAN)
"""When a phone was last heard: by a heartbeat, or by the last scan that did not come in a batch, for a file is one."""
Trouble = tuple[str, str]
"""How bad (stop or wait), and in words."""


@dataclass(frozen=True)
class Phone:
    """A phone in use: when it was last heard, in the venue's time, and how it then said that it was.

    `missing` counts the scans that the server lacks between those that it has; None: nobody asked.
    """

    id: UUID
    name: str
    gate_id: UUID
    gate: str
    heard_at: datetime | None
    silent: bool
    unsent: int
    battery: int | None
    role: str
    spare: bool
    retiring: bool
    app_version: str | None
    bundle_age: timedelta | None
    clock_offset_ms: int
    missing: int | None = None

    @property
    def trouble(self) -> int:
        """Return what to sort by: never heard, then silent, then other trouble, then the rest; spares last."""
        if self.spare:
            return 4
        return 0 if self.heard_at is None else 1 if self.silent else 2 if self.troubles else 3

    @property
    def troubles(self) -> list[Trouble]:
        """Return what is not as it should be with a phone that is heard."""
        return list(self._troubles())

    def _troubles(self) -> Iterator[Trouble]:
        if self.unsent:
            yield "wait", f"{self.unsent} unsent"
        if (self.missing or 0) > self.unsent:
            yield "stop", f"{self.missing} missing in its sequence"
        if self.battery is not None and self.battery <= LOW_BATTERY:
            yield "wait", f"battery {self.battery}%"
        if self.role != "turnstile" and self.heard_at is not None:
            yield from self._offline_troubles()
        if abs(self.clock_offset_ms) > WRONG_CLOCK:
            yield "wait", f"clock {round(abs(self.clock_offset_ms) / 60_000)} min off"

    def _offline_troubles(self) -> Iterator[Trouble]:
        """Say whether it could judge without network."""
        if self.bundle_age is None:
            yield "wait", "no bundle"
        elif self.bundle_age > OLD_BUNDLE:
            yield "wait", f"bundle {self.bundle_age // timedelta(minutes=1)} min old"


def in_use(event: Event, at: datetime, whole: bool = False) -> list[Phone]:
    """Return the phones of an event that are in use at `at`, trouble first; `whole` looks for holes too."""
    zone, missing = ZoneInfo(event.venue.timezone), _missing(event) if whole else {}
    found = [_phone(*row, at=at, zone=zone, missing=missing) for row in db.session.execute(_query(event))]
    return sorted(found, key=lambda one: (one.trouble, one.gate, one.name))


def phone_of(device: Device, at: datetime) -> Phone:
    """Return how one phone is, in use or not."""
    zone, missing = ZoneInfo(device.event.venue.timezone), _missing(device.event)
    query = select(Device, Gate.name, HEARD_AT).join(Gate, Gate.id == Device.gate_id).where(Device.id == device.id)
    row = db.session.execute(query.execution_options(include_archived=True)).one()
    return _phone(*row, at=at, zone=zone, missing=missing)


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


def _query(event: Event) -> Select[Device, str, datetime | None]:
    return (
        select(Device, Gate.name, HEARD_AT)
        .join(Gate, Gate.id == Device.gate_id)
        .where(Device.event_id == event.id, Device.retired_at.is_(None), Device.lost_at.is_(None))
        .execution_options(include_archived=True)
    )


def _missing(event: Event) -> dict[UUID, int]:
    """Return, by device, how many numbers lack between 1 and the highest; what a batch adds beside has none."""
    here = select(Device.id).where(Device.event_id == event.id)
    lacking = func.max(Scan.sequence) - func.least(func.min(Scan.sequence), 1) + 1 - func.count()
    query = select(Scan.device_id, lacking.label("lacking")).where(Scan.device_id.in_(here), Scan.sequence >= 0)
    return {row.device_id: row.lacking for row in db.session.execute(query.group_by(Scan.device_id))}


def _phone(
    device: Device, gate: str, heard_at: datetime | None, *, at: datetime, zone: ZoneInfo, missing: dict[UUID, int]
) -> Phone:
    heard = heard_at.astimezone(zone) if heard_at else None
    made = device.bundle_made_at
    return Phone(
        id=device.id, name=device.name, gate_id=device.gate_id, gate=gate, heard_at=heard,
        silent=heard is not None and not device.spare and at - heard > SILENT_AFTER,
        unsent=device.unsent, battery=device.battery, role=device.role, spare=device.spare,
        retiring=device.retiring_at is not None, app_version=device.app_version,
        bundle_age=max(at - made, timedelta(0)) if made else None, clock_offset_ms=device.clock_offset_ms,
        missing=missing.get(device.id, 0) if missing else None,
    )  # fmt: skip
