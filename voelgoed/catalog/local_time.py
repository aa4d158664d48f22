"""Times on the venue's wall: typed there, kept in UTC, shown there again, over changes of the clock too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """The clock is put forward over this time: it does not exist that day."""


def to_utc(on: date, at: time, timezone: str) -> datetime:
    """Return the moment of a wall time; of two with the same name, as clocks go back, the first.

    Raises NoSuchTime for one that the clock leaps over.
    """
    wall = datetime.combine(on, at.replace(tzinfo=None, fold=0))
    moment = wall.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    if on_wall(moment, timezone).replace(tzinfo=None) != wall:
        raise NoSuchTime(f"{at:%H:%M} does not exist that day: the clock is put forward.")
    return moment


def on_wall(moment: datetime, timezone: str) -> datetime:
    """Return a moment as the venue's clock shows it."""
    return moment.astimezone(ZoneInfo(timezone))


def typed(moment: datetime | None, timezone: str) -> str:
    """Write a moment as a field of date and time holds it."""
    return on_wall(moment, timezone).strftime("%Y-%m-%dT%H:%M") if moment else ""


def at(moment: datetime, timezone: str) -> str:
    """Write a moment for people: Sat 28 Nov 18:00."""
    wall = on_wall(moment, timezone)
    return f"{wall:%a} {wall.day} {wall:%b %H:%M}"


def hour(moment: datetime, timezone: str) -> str:
    """Write the time of day at the venue: 18:00."""
    return on_wall(moment, timezone).strftime("%H:%M")


def shifted(moment: datetime, days: int, timezone: str) -> datetime:
    """Return the moment so many days later at the same time on the wall, or just after a leap of the clock."""
    wall = on_wall(moment, timezone) + timedelta(days=days)
    return wall.astimezone(UTC)
