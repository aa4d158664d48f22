"""Days of an event: doors, start and end as the venue's clock shows them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.local_time import NoSuchTime, hour, to_utc
from voelgoed.catalog.pages import event_of, pages, to_event
from voelgoed.foundation.database import db
from voelgoed.foundation.signals import announce
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Answer, Form, Page, blank, read
from voelgoed.foundation.web.fields import Asked
from voelgoed.foundation.web.saving import saving

MOST_DAYS = 16
CalendarDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
NOON = time(12)
REFUSALS = {
    "uq_day_organization_id_event_id_date": ("date", "The event has a day on this date already."),
    "23503": ("date", "This day has places on sale or a count of people: it has to stay."),
}


class DayForm(Asked):
    """One opening; an end that is not after the start is on the next morning, as is a start after late doors."""

    date: CalendarDate
    doors: time
    starts: time
    ends: time


def moments(form: Form[Any], timezone: str) -> dict[str, datetime] | None:
    """Return doors, start and end in UTC, or None with errors at their fields."""
    asked = form.model
    over_night = asked.starts < NOON <= asked.doors
    if asked.starts < asked.doors and not over_night:
        form.refuse("starts", "Doors open before the start.")
    start_day = asked.date + timedelta(days=over_night)
    end_day = start_day + timedelta(days=asked.ends <= asked.starts)
    found = {}
    for name, on in (("doors", asked.date), ("starts", start_day), ("ends", end_day)):
        try:
            found[f"{name}_at"] = to_utc(on, getattr(asked, name), timezone)
        except NoSuchTime as error:
            form.refuse(name, str(error))
    return found if form.ok else None


def day_of(event_id: UUID, day_id: UUID) -> Day:
    """Return a day of an event; else 404."""
    return children(event_of(event_id), Day).get(day_id)


def add_day(event: Event, on: date, times: dict[str, datetime]) -> Day:
    """Add a day; its number is the first that no other day of the event has."""
    taken = {one.number for one in children(event, Day)}
    number = next(number for number in range(MOST_DAYS) if number not in taken)
    made = Day(event_id=event.id, number=number, date=on, **times)
    db.session.add(made)
    announce("catalog.day_set", day=made)
    return made


@pages.get("/events/<uuid:event_id>/days/new", allow="catalog.write")
def new_day(event_id: UUID) -> Answer:
    """Show the form of a new day: the day after the last, at the same times."""
    event = event_of(event_id)
    last = children(event, Day).order_by(Day.date.desc()).first()
    return _page(event, None, _as_typed(last, event, 1) if last else blank())


def _as_typed(day: Day, event: Event, later: int = 0) -> Form[Any]:
    zone = event.venue.timezone
    times = {name: hour(getattr(day, f"{name}_at"), zone) for name in ("doors", "starts", "ends")}
    return blank(date=day.date + timedelta(days=later), **times)


def _page(event: Event, day: Day | None, form: Form[Any], status: int = 200) -> Answer:
    return Page("catalog/day_form.html", status, event=event, day=day, form=form)


@pages.post("/events/<uuid:event_id>/days", allow="catalog.write")
def create_day(event_id: UUID) -> Answer:
    """Add a day."""
    event, form = event_of(event_id, to_write=True), read(DayForm, request.form)
    if form.ok and children(event, Day).count() >= MOST_DAYS:
        form.refuse("date", f"An event has at most {MOST_DAYS} days.")
    if form.ok and (times := moments(form, event.venue.timezone)):
        with saving(form, REFUSALS):
            add_day(event, form.model.date, times)
    return _page(event, None, form, 422) if not form.ok else to_event(event)


@pages.get("/events/<uuid:event_id>/days/<uuid:day_id>", allow="catalog.write")
def day(event_id: UUID, day_id: UUID) -> Answer:
    """Show the form of a day."""
    found = day_of(event_id, day_id)
    return _page(found.event, found, _as_typed(found, found.event))


@pages.post("/events/<uuid:event_id>/days/<uuid:day_id>", allow="catalog.write")
def change_day(event_id: UUID, day_id: UUID) -> Answer:
    """Change a day's date or times."""
    found, form = day_of(event_id, day_id), read(DayForm, request.form)
    if form.ok and (times := moments(form, found.event.venue.timezone)):
        with saving(form, REFUSALS):
            found.date = form.model.date
            for name, moment in times.items():
                setattr(found, name, moment)
            announce("catalog.day_set", day=found)
    return _page(found.event, found, form, 422) if not form.ok else to_event(found)


@pages.post("/events/<uuid:event_id>/days/<uuid:day_id>/removal", allow="catalog.write")
def remove_day(event_id: UUID, day_id: UUID) -> Answer:
    """Take a day away that nothing hangs on yet."""
    found = day_of(event_id, day_id)
    event, form = found.event, _as_typed(found, found.event)
    with saving(form, REFUSALS):
        db.session.delete(found)
    return _page(event, found, form, 422) if form.errors else to_event(event)
