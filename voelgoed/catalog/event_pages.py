"""Events: what is put on, with its days and what is sold for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from flask import request
from pydantic import Field
from sqlalchemy import select

from voelgoed.catalog.day_pages import DayForm, add_day, moments
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.offering import Selling, selling
from voelgoed.catalog.pages import event_of, keep, pages, put_away, to_event
from voelgoed.catalog.venue import Gate, Venue
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Form, Page, blank, read
from voelgoed.foundation.web.fields import Asked, Line, Lines
from voelgoed.foundation.web.saving import fill

REFUSALS = {"rehearsal_is_settled": ("rehearsal", None), "rehearsal_is_free": ("rehearsal", None)}


class EventForm(Asked):
    """What an event is."""

    name: Line = Field(max_length=120)
    nature: Line | None = Field(default=None, max_length=120)
    conditions: Lines | None = Field(default=None, max_length=2000)
    on_sale: bool = False
    rehearsal: bool = False


class NewEventForm(EventForm, DayForm):
    """An event with its first day, saved as one change."""

    venue_id: UUID
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "ZAR"


@dataclass(frozen=True)
class Listed:
    """An event as the list shows it; times in UTC, None before it has a day."""

    event: Event
    days: list[Day]

    @property
    def starts_at(self) -> datetime | None:
        """Return when the first day starts."""
        return self.days[0].starts_at if self.days else None

    @property
    def over(self) -> bool:
        """Say whether the last day has ended."""
        return bool(self.days) and self.days[-1].ends_at < now()


@pages.get("/events", allow="catalog.read")
def events() -> Answer:
    """List the events: what comes, what is over, what was put away."""
    found = rows(Event).including_archived().order_by(Event.id.desc()).all()
    days = {key: list(group) for key, group in groupby(_all_days(), key=lambda day: day.event_id)}
    listed = [Listed(one, days.get(one.id, [])) for one in found]
    kept = [one for one in listed if one.event.archived_at is None]
    coming = sorted((one for one in kept if not one.over), key=lambda one: (one.starts_at is None, one.starts_at))
    over = sorted((one for one in kept if one.over), key=lambda one: one.days[0].starts_at, reverse=True)
    away = [one for one in listed if one.event.archived_at is not None]
    return Page("catalog/events.html", coming=coming, over=over, away=away, venues=rows(Venue).count())


def _all_days() -> list[Day]:
    return list(db.session.scalars(select(Day).order_by(Day.event_id, Day.date)))


@pages.get("/events/new", allow="catalog.write")
def new_event() -> Answer:
    """Show the form of a new event with its first day."""
    return _new(blank(doors="17:00", starts="18:00", ends="23:00"))


def _new(form: Form[Any], status: int = 200) -> Answer:
    venues = [(str(one.id), one.name) for one in rows(Venue).order_by(Venue.name)]
    return Page("catalog/event_new.html", status, form=form, venues=venues, organization=_organization())


def _organization() -> Organization:
    return db.session.scalars(select(Organization)).one()


@pages.post("/events", allow="catalog.write")
def create_event() -> Answer:
    """Put an event on, with its first day."""
    form = read(NewEventForm, request.form)
    if form.ok and _organization().vat_vendor and form.model.currency != "ZAR":
        form.refuse("currency", "A VAT vendor sells in ZAR.")
    if not form.ok:
        return _new(form, 422)
    venue = rows(Venue).get(form.model.venue_id)
    times = moments(form, venue.timezone)
    if times is None:
        return _new(form, 422)
    made = Event(venue_id=venue.id, on_sale=True)
    fill(made, form.model, "date", "doors", "starts", "ends", "venue_id", "on_sale")
    db.session.add(made)
    db.session.flush()
    add_day(made, form.model.date, times)
    return to_event(made)


@pages.get("/events/<uuid:event_id>", allow="catalog.read")
def event(event_id: UUID) -> Answer:
    """Show an event: its days, what is sold, and what it still needs."""
    found = event_of(event_id)
    days = children(found, Day).order_by(Day.date).all()
    sold = selling(found)
    return Page(
        "catalog/event.html", event=found, days=days, selling=[one for one in sold if not one.type.archived_at],
        away=[one for one in sold if one.type.archived_at and not one.type.gate_pass],
        needs=list(_needs(found, days, sold)),
    )  # fmt: skip


def _needs(event: Event, days: list[Day], sold: list[Selling]) -> list[str]:
    missing = []
    if not days:
        missing.append("a day")
    if not any(one.type.archived_at is None for one in sold):
        missing.append("a ticket type")
    if not children(event.venue, Gate).first():
        missing.append("a gate at its venue")
    return missing


@pages.get("/events/<uuid:event_id>/edit", allow="catalog.write")
def edit_event(event_id: UUID) -> Answer:
    """Show the form of an event."""
    found = event_of(event_id)
    form = blank(
        name=found.name, nature=found.nature, conditions=found.conditions, on_sale=found.on_sale,
        rehearsal=found.rehearsal,
    )  # fmt: skip
    return Page("catalog/event_form.html", event=found, form=form)


@pages.post("/events/<uuid:event_id>", allow="catalog.write")
def change_event(event_id: UUID) -> Answer:
    """Change an event."""
    found, form = event_of(event_id), read(EventForm, request.form)
    if form.ok:
        keep(found, form, REFUSALS)
    return to_event(found) if form.ok else Page("catalog/event_form.html", 422, event=found, form=form)


put_away("event", "/events/<uuid:event_id>", load=event_of, back=to_event, refusals={})
