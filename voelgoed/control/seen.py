"""The last scans of an event as lists: who was refused, who came in, with where and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, exists, or_, select, union_all

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
RECENT = 1000
"""So many scans are looked through for the last ones: what is older than they are is nobody's who stands at a gate."""


def last(event: Event) -> dict[str, list[Seen]]:
    """Return the last `refusals` and the last `admissions`, newest first; `decided`: overridden, or taken back."""
    chosen = union_all(_newest(event, admitted=False), _newest(event, admitted=True))
    found: dict[str, list[Seen]] = {"refusals": [], "admissions": []}
    for seen in _read(event, Scan.id.in_(chosen)):
        found["admissions" if seen.verdict == "admitted" else "refusals"].append(seen)
    return found


def one(event: Event, scan: Scan) -> Seen:
    """Return one scan of an event as the lists show it."""
    return _read(event, Scan.id == scan.id)[0]


def _newest(event: Event, admitted: bool) -> Select[Any]:
    scans = select(Scan.id, Scan.verdict, Scan.created_at).where(Scan.event_id == event.id)
    recent = scans.order_by(Scan.created_at.desc()).limit(RECENT).subquery()
    # One by one, not as a list: a list makes the statement be written anew each time.
    which = recent.c.verdict == "admitted" if admitted else and_(*(recent.c.verdict != one for one in sorted(POSITIVE)))
    newest = select(recent.c.id).where(which).order_by(recent.c.created_at.desc()).limit(MOST).subquery()
    return select(newest.c.id)


def _read(event: Event, which: Any) -> list[Seen]:
    decided = or_(exists().where(Override.scan_id == Scan.id), exists().where(Undo.scan_id == Scan.id))
    query = (
        select(Scan.id, Scan.effective_at, Scan.verdict, Scan.answer, Gate.name, Device.name, decided)
        .join(Gate, Gate.id == Scan.gate_id)
        .join(Device, Device.id == Scan.device_id)
        .where(which)
        .order_by(Scan.created_at.desc())
        .execution_options(include_archived=True)
    )
    zone = ZoneInfo(event.venue.timezone)
    return [_row(*row, zone=zone) for row in db.session.execute(query)]


def _row(
    scan_id: UUID, at: datetime, said: str, answer: dict[str, Any], gate: str, device: str, decided: bool,
    *, zone: ZoneInfo,
) -> Seen:  # fmt: skip
    verdict, ticket = BY_NAME[said], answer.get("ticket") or {}
    return Seen(
        id=scan_id,
        at=at.astimezone(zone),
        gate=gate,
        device=device,
        verdict=said,
        kind=verdict.kind,
        message=verdict.message,
        ticket=ticket.get("type"),
        serial=ticket.get("serial"),
        before=_before(answer.get("previous"), zone) if verdict.kind != "go" else None,
        decided=decided,
    )


def _before(previous: dict[str, str] | None, zone: ZoneInfo) -> str | None:
    if not previous:
        return None
    at = datetime.fromisoformat(previous["at"]).astimezone(zone)
    return f"came in at {previous['gate']}, {at:%H:%M:%S}"
