"""Cancelling: the customer does not come; the event's scale says what is kept (CPA s17), and when nothing is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from voelgoed.catalog.event import Day, Event
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.selling.book import timezone_of
from voelgoed.selling.cancellation_charge import CancellationCharge
from voelgoed.selling.refund_checkout import RefundCheckout

Cause = Literal["changed_mind", "death", "hospital", "organiser"]
CAUSES: dict[Cause, str] = {
    "changed_mind": "The customer changed their mind",
    "death": "The customer, or whoever they booked for, died",
    "hospital": "The customer, or whoever they booked for, is in hospital",
    "organiser": "The organiser cancelled or changed the event",
}
"""Why a booking is cancelled; but for the first, the Consumer Protection Act (68 of 2008, s17) allows no charge."""


def cancellation(
    event: Event, checkout_id: UUID, tickets: tuple[UUID, ...], cause: Cause, reason: str, key: str
) -> RefundCheckout:
    """Say what a cancellation takes back, with the charge of the event's scale as it is now."""
    kept = charge_bp(event, now()) if cause == "changed_mind" else 0
    return RefundCheckout(checkout_id, "cancel", f"{CAUSES[cause]}: {reason}"[:400], key, tickets, kept_bp=kept,
                          every_fee=cause != "changed_mind")  # fmt: skip


def charge_bp(event: Event, at: datetime) -> int:
    """Return what is kept at a moment, in basis points: the scale's step that is nearest from above, else nothing."""
    days = max(0, (_first_day(event.id, at) - at.astimezone(ZoneInfo(timezone_of(event.id))).date()).days)
    nearest = (
        select(CancellationCharge.percent_bp)
        .where(CancellationCharge.event_id == event.id, CancellationCharge.days_before >= days)
        .order_by(CancellationCharge.days_before)
        .limit(1)
    )
    return db.session.scalar(nearest) or 0


def _first_day(event_id: UUID, at: datetime) -> date:
    return db.session.scalar(select(func.min(Day.date)).where(Day.event_id == event_id)) or at.date()
