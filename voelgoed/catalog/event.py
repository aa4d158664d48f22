"""What is put on, and each opening of it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.catalog.venue import Venue
from voelgoed.foundation.resource import Invariant, Resource, calendar_day, flag, moment, refers, related, small, text

REHEARSAL = Invariant(
    "rehearsal", "a rehearsal is free, and settled by its first ticket", Path(__file__).with_name("rehearsal.sql")
)


class Event(Resource, archivable=True, checks={"currency_form": "currency ~ '^[A-Z]{3}$'"}, invariants=(REHEARSAL,)):
    """Something that people come to; its prices are in one currency, VAT included.

    Of a `rehearsal` everything works and nothing costs anything; no figure counts it.
    """

    venue_id: Mapped[UUID] = refers("venue")
    name: Mapped[str] = text(120)
    nature: Mapped[str | None] = text(120, nullable=True)
    conditions: Mapped[str | None] = text(2000, nullable=True)
    currency: Mapped[str] = text(3, default="ZAR")
    rehearsal: Mapped[bool] = flag(default=False)
    on_sale: Mapped[bool] = flag(default=True)
    venue: Mapped[Venue] = related("venue_id", "Venue")


class Day(
    Resource,
    unique=(("event_id", "number"), ("event_id", "date")),
    checks={
        "number_fits_the_code": "number BETWEEN 0 AND 15",
        "in_order": "doors_at <= starts_at AND starts_at < ends_at",
    },
):
    """One opening of an event, with doors, end, and its own count of people; bit `number` in a ticket's code."""

    event_id: Mapped[UUID] = refers("event")
    number: Mapped[int] = small()
    date: Mapped[date] = calendar_day()
    doors_at: Mapped[datetime] = moment()
    starts_at: Mapped[datetime] = moment()
    ends_at: Mapped[datetime] = moment()
    event: Mapped[Event] = related("event_id", "Event")
