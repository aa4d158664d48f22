"""Times of day as moments of a day: until when one may come back, and between when a ticket lets in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from voelgoed.catalog.event import Day
from voelgoed.catalog.ticket_type import TicketType

Window = tuple[datetime | None, datetime | None]


def moment_of(on: date, clock: str, timezone: str, doors_at: datetime) -> datetime:
    """Return the moment of a time of day; one before doors is of the next morning."""
    zone, wall = ZoneInfo(timezone), time.fromisoformat(clock)
    at = datetime.combine(on, wall, zone)
    return at if at >= doors_at else datetime.combine(on + timedelta(days=1), wall, zone)


@lru_cache(1024)
def window_of(
    on: date, doors_at: datetime, ends_at: datetime, timezone: str, since: str | None, until: str | None
) -> Window:
    """Return between which moments of a day a ticket lets in; None where its type sets no bound.

    A beginning before doors, on a day that is over by the next morning, is doors.
    """
    begins = moment_of(on, since, timezone, doors_at) if since else None
    if begins is not None and begins >= ends_at and begins.astimezone(ZoneInfo(timezone)).date() > on:
        begins = doors_at
    return begins, moment_of(on, until, timezone, doors_at) if until else None


def window_on(sold: TicketType, day: Day, timezone: str) -> Window:
    """Return between which moments of a day a type lets in."""
    return window_of(day.date, day.doors_at, day.ends_at, timezone, sold.valid_from, sold.valid_until)


def is_open(window: Window, day: Day) -> bool:
    """Say whether a window lets anybody in on a day at all."""
    since, until = window
    return (until or day.ends_at) > (since or day.doors_at) and (until is None or until <= day.ends_at)
