"""Holes in a phone's sequence: scans that it made and that the server lacks."""

from __future__ import annotations

from sqlalchemy import func, select

from voelgoed.foundation.database import db
from voelgoed.scanning.device import Device
from voelgoed.scanning.scan import Scan

MOST = 20


def holes(device: Device) -> list[tuple[int, int]]:
    """Return the runs of numbers that lack below the highest one, each by its first and last; the last twenty."""
    before = func.lag(Scan.sequence).over(order_by=Scan.sequence)
    known = select(Scan.sequence.label("number"), before.label("before"))
    seen = known.where(Scan.device_id == device.id, Scan.sequence >= 0).subquery()
    first = func.coalesce(seen.c.before, 0) + 1
    query = select(first, seen.c.number - 1).where(seen.c.number > first).order_by(seen.c.number.desc()).limit(MOST)
    return [(begin, end) for begin, end in db.session.execute(query)][::-1]
