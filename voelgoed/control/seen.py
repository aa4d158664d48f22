"""The last scans of an event as lists: who was refused, who came in, with where and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, select

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.control.picture import Seen
from voelgoed.foundation.database import db
from voelgoed.scanning.device import Device
from voelgoed.scanning.override import Override
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.undo import Undo
from voelgoed.scanning.verdict import BY_NAME, POSITIVE

MOST = 6


def refusals(event: Event) -> list[Seen]:
    """Return the last refusals, newest first; `decided` says that an override let in."""
    return _seen(event, exists().where(Override.scan_id == Scan.id), Scan.verdict.not_in(POSITIVE))


def admissions(event: Event) -> list[Seen]:
    """Return the last who were let in, newest first; `decided` says that it was undone."""
    return _seen(event, exists().where(Undo.scan_id == Scan.id), Scan.verdict == "admitted")


def one(event: Event, scan: Scan) -> Seen:
    """Return one scan of an event as the lists show it."""
    return _seen(event, exists().where(Override.scan_id == Scan.id), Scan.id == scan.id)[0]


def _seen(event: Event, decided: Any, which: Any) -> list[Seen]:
    query: Select[Any] = (
        select(Scan, Gate.name, Device.name, decided)
        .join(Gate, Gate.id == Scan.gate_id)
        .join(Device, Device.id == Scan.device_id)
        .where(Scan.event_id == event.id, which)
        .order_by(Scan.created_at.desc())
        .limit(MOST)
        .execution_options(include_archived=True)
    )
    zone = ZoneInfo(event.venue.timezone)
    return [_row(scan, gate, device, bool(done), zone) for scan, gate, device, done in db.session.execute(query)]


def _row(scan: Scan, gate: str, device: str, decided: bool, zone: ZoneInfo) -> Seen:
    verdict, ticket = BY_NAME[scan.verdict], scan.answer.get("ticket") or {}
    return Seen(
        id=scan.id,
        at=scan.effective_at.astimezone(zone),
        gate=gate,
        device=device,
        verdict=scan.verdict,
        kind=verdict.kind,
        message=verdict.message,
        ticket=ticket.get("type"),
        serial=ticket.get("serial"),
        before=_before(scan.answer.get("previous"), zone) if verdict.kind != "go" else None,
        decided=decided,
    )


def _before(previous: dict[str, str] | None, zone: ZoneInfo) -> str | None:
    if not previous:
        return None
    at = datetime.fromisoformat(previous["at"]).astimezone(zone)
    return f"came in at {previous['gate']}, {at:%H:%M:%S}"
