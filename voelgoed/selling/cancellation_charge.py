"""The event's scale of charges for a cancellation: the nearer the day, the more is kept (CPA s17)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, integer, refers


class CancellationCharge(
    Resource,
    unique=(("event_id", "days_before"),),
    checks={"days_not_negative": "days_before BETWEEN 0 AND 3650", "a_share": "percent_bp BETWEEN 0 AND 10000"},
):
    """Up to so many days before the event's first day, so much of the price is kept (basis points)."""

    event_id: Mapped[UUID] = refers("event")
    days_before: Mapped[int] = integer()
    percent_bp: Mapped[int] = integer()
