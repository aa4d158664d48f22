"""Periods: a trading day is closed once it is over, and what comes late goes to the first day that is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from voelgoed.catalog.venue import Venue
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.ledger.day_total import keep_totals
from voelgoed.ledger.entry import ClosedDay, JournalEntry
from voelgoed.ledger.trading_day import trading_day
from voelgoed.tills.shift import Shift

GRACE = timedelta(minutes=15)
"""A transaction that began before the end of a day has ended by then: `post` need not ask about the present day."""


def last_day_over() -> date:
    """Return the newest trading day that is over everywhere, by the clocks of the organization and its venues."""
    zones = {rows(Organization).one().timezone}
    zones.update(db.session.scalars(select(Venue.timezone).execution_options(include_archived=True)))
    return min(trading_day(now() - GRACE, zone) for zone in zones) - timedelta(1)


def close_day(day: date) -> ClosedDay:
    """Close a trading day for good: nothing is posted into it any more, and its totals are kept.

    Raises Problem 409: `day_not_over`, `day_closed`, or `shift_open` while somebody's drawer of that day is open.
    Waits for whoever is posting into the day; whoever comes after finds it closed.
    """
    if day > last_day_over():
        raise Problem(409, "day_not_over", "That day is not over", "A day is closed after it has ended.")
    _take_the_day(day)
    if db.session.scalar(select(ClosedDay.id).where(ClosedDay.day == day)):
        raise Problem(409, "day_closed", "That day is closed already")
    people = open_shifts(day)
    if people:
        raise Problem(409, "shift_open", "A drawer of that day is still open", f"Open: {', '.join(people)}.")
    closed = ClosedDay(day=day, actor=current_scope().actor.label)
    db.session.add(closed)
    db.session.flush()
    keep_totals(day)
    return closed


def open_shifts(day: date) -> Sequence[str]:
    """Return the people whose shift of a trading day is still open."""
    return people_on_shift().get(day, [])


def people_on_shift() -> dict[date, list[str]]:
    """Return trading day → the people whose shift of that day is still open."""
    statement = select(Shift.trading_day, Shift.person).where(Shift.closed_at.is_(None)).order_by(Shift.person)
    found: dict[date, list[str]] = {}
    for day, person in db.session.execute(statement):
        found.setdefault(day, []).append(person)
    return found


def open_day(moment: datetime, timezone: str) -> date:
    """Return the trading day that a booking at a moment goes to: its own, or the first one after it that is open.

    It stays open until this transaction ends. The present day cannot be closed, so that it is not even asked about.
    """
    day, today = trading_day(moment, timezone), trading_day(now(), timezone)
    while day < today:
        _share_the_day(day)
        if db.session.scalar(select(ClosedDay.id).where(ClosedDay.day == day)) is None:
            break
        day += timedelta(1)
    return day


def close_days(until: date) -> list[ClosedDay]:
    """Close every day with entries up to one, the oldest first; raises Problem as `close_day` does, and closes none."""
    return [close_day(day) for day in open_days(until)]


def open_days(until: date) -> Sequence[date]:
    """Return the days with entries, up to one, that are not closed; the oldest first."""
    closed = select(ClosedDay.id).where(ClosedDay.day == JournalEntry.trading_day).exists()
    statement = select(JournalEntry.trading_day).where(JournalEntry.trading_day <= until, ~closed).distinct()
    return db.session.scalars(statement.order_by(JournalEntry.trading_day)).all()


def _take_the_day(day: date) -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(_key(day))))


def _share_the_day(day: date) -> None:
    db.session.execute(select(func.pg_advisory_xact_lock_shared(_key(day))))


def _key(day: date) -> object:
    """Name the day's lock as the trigger of the entries does (`period_open.sql`)."""
    return func.hashtextextended(f"trading day {current_scope().organization_id}{day.isoformat()}", 0)
