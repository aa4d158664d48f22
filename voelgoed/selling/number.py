"""A sale's number: what the clerk calls it by, counted per event."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from voelgoed.checkout.checkout import Checkout, CheckoutSeries
from voelgoed.foundation.database import db


def draw_number(checkout: Checkout) -> int:
    """Give a checkout the next number of its event; the series is held to the commit, so draw late."""
    checkout.number = _next(checkout.event_id)
    db.session.flush()
    return checkout.number


def _next(event_id: UUID) -> int:
    statement = (
        update(CheckoutSeries)
        .where(CheckoutSeries.event_id == event_id)
        .values(next=CheckoutSeries.next + 1)
        .returning(CheckoutSeries.next - 1)
        .execution_options(synchronize_session=False)
    )
    while (number := db.session.scalar(statement)) is None:
        db.session.execute(insert(CheckoutSeries).values(event_id=event_id, next=1).on_conflict_do_nothing())
    return int(number)
