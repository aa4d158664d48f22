"""Closes what is open when a day ends, for any number of people in few statements."""

from __future__ import annotations

from sqlalchemy import select, text

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import set_based
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.day_end import DayEnd
from voelgoed.scanning.fact import Tick
from voelgoed.scanning.found import SQL
from voelgoed.scanning.record import counts, record
from voelgoed.scanning.refold import refold

CLOSE = text((SQL / "close_day.sql").read_text())


def close_day(end: DayEnd) -> None:
    """Close every open admission of the day that has ended; the caller holds the day and has written its end."""
    with set_based("scanning.record"):
        found = db.session.execute(CLOSE, {"day_id": end.day_id, "at": end.effective_at}).all()
    ticks = (
        (row.event_id, Tick(end.day_id, row.gate_id, row.zone_id, "ended", end.effective_at, *row[3:])) for row in found
    )
    record([], [], [], counts(ticks))
    left = select(Admission.ticket_id).where(Admission.day_id == end.day_id, Admission.closed_at.is_(None)).distinct()
    if few := db.session.scalars(left).all():
        refold(dict.fromkeys(few, frozenset({end.id})))
