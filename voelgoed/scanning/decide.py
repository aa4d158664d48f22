"""A supervisor's deeds at the gate: take back an admission, let in after a refusal, end a day."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.catalog.event import Day
from voelgoed.foundation.database import db
from voelgoed.foundation.live.push import publish
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning import tiers
from voelgoed.scanning.close_day import close_day
from voelgoed.scanning.day_end import DayEnd
from voelgoed.scanning.judge import NO_TICKET
from voelgoed.scanning.override import Override
from voelgoed.scanning.refold import refold
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.undo import Undo
from voelgoed.scanning.verdict import BY_NAME

F = TypeVar("F", Undo, Override)


def undo(
    scan: Scan, reason: str, by: str | None = None, *, fact_id: UUID | None = None, at: datetime | None = None
) -> Undo:
    """Take back an admission; raises Problem 409 when the scan admitted nobody or was taken back already."""
    if scan.verdict not in ("admitted", "offline_admitted"):
        raise Problem(409, "nothing_to_undo", "That scan let nobody in", "Only an admission can be taken back.")
    _lock(scan)
    if db.session.scalar(select(Undo.id).where(Undo.scan_id == scan.id)):
        raise Problem(409, "already_undone", "Taken back already", "Somebody was faster; nothing was changed.")
    fact = Undo(
        **_named(fact_id), scan_id=scan.id, reason=reason, actor=by or current_scope().actor.label,
        effective_at=at or _now(),
    )  # fmt: skip
    db.session.add(fact)
    return _settle(scan, fact)


def override(
    scan: Scan, reason: str, bodies: int = 1, by: str | None = None, *, fact_id: UUID | None = None,
    at: datetime | None = None,
) -> Override:  # fmt: skip
    """Let in after a refusal; raises Problem 409 for a scan that was not refused, names no ticket or is decided."""
    if scan.direction != "in" or BY_NAME[scan.verdict].kind == "go":
        raise Problem(409, "nothing_to_override", "That scan was not refused", "Nothing was changed.")
    if scan.ticket_id is None or scan.day_id is None or scan.verdict in NO_TICKET:
        raise Problem(409, "no_ticket", "There is no ticket to let in", "A code that is not ours opens nothing.")
    _lock(scan)
    if db.session.scalar(select(Override.id).where(Override.scan_id == scan.id)):
        raise Problem(409, "already_overridden", "Let in already", "Somebody was faster; nothing was changed.")
    fact = Override(
        **_named(fact_id), scan_id=scan.id, bodies=bodies, reason=reason,
        actor=by or current_scope().actor.label, effective_at=at or _now(),
    )  # fmt: skip
    db.session.add(fact)
    return _settle(scan, fact)


def _named(fact_id: UUID | None) -> dict[str, UUID]:
    """Return the name that a deed on a phone has already; others are named by their row."""
    return {"id": fact_id} if fact_id is not None else {}


def _lock(scan: Scan) -> None:
    """Decide one after another about one ticket."""
    from voelgoed.ticketing.ticket import Ticket

    db.session.execute(select(Ticket.id).where(Ticket.id == scan.ticket_id).with_for_update())


def _now() -> datetime:
    """Return the database's clock, which all facts of the server share."""
    moment: datetime = db.session.scalars(select(func.clock_timestamp())).one()
    return moment


def _settle(scan: Scan, fact: F) -> F:
    db.session.flush()
    if scan.ticket_id is not None:
        refold({scan.ticket_id: {fact.id}})
        tiers.forget([scan.ticket_id])
    publish("occupancy", scan.event_id)
    return fact


def end_day(day: Day) -> DayEnd | None:
    """Close every open admission of a day, once: `DayEnd` is the fact, the closings follow from it."""
    # Scans that are being written hold the day: wait for them, and let those that come after find the end.
    db.session.execute(select(Day.id).where(Day.id == day.id).with_for_update())
    if db.session.scalar(select(DayEnd.id).where(DayEnd.day_id == day.id)):
        return None
    fact = DayEnd(day_id=day.id, effective_at=min(_now(), day.ends_at))
    db.session.add(fact)
    db.session.flush()
    close_day(fact)
    publish("occupancy", day.event_id)
    return fact
