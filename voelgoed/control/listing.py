"""The events that one can watch: what is on, what comes, what is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from voelgoed.catalog.event import Day, Event
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db

WORDS = {"on": "on now", "next": "to come", "over": "over"}


@dataclass(frozen=True)
class Watched:
    """An event with the day that matters now; times are the venue's."""

    event: Event
    state: str
    doors_at: datetime
    starts_at: datetime

    @property
    def words(self) -> str:
        """Return the state in words."""
        return WORDS[self.state]


def events() -> list[Watched]:
    """Return the events that have a day: what is on first, then the next, then the last that were."""
    at = now()
    days: dict[Event, list[Day]] = {}
    for day in db.session.scalars(select(Day).join(Event, Event.id == Day.event_id).order_by(Day.number)):
        days.setdefault(day.event, []).append(day)
    found = [_watched(event, its, at) for event, its in days.items() if event.archived_at is None]
    return sorted(found, key=lambda one: (list(WORDS).index(one.state), abs(one.starts_at - at)))


def _watched(event: Event, days: list[Day], at: datetime) -> Watched:
    day = next((one for one in days if at < one.ends_at), days[-1])
    state = "over" if at >= day.ends_at else "on" if at >= day.doors_at else "next"
    zone = ZoneInfo(event.venue.timezone)
    return Watched(event, state, day.doors_at.astimezone(zone), day.starts_at.astimezone(zone))
