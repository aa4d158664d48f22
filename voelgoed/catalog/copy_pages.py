"""Copying an event: the same days and types, later, with nothing sold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.catalog.day_pages import CalendarDate
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.local_time import shifted
from voelgoed.catalog.offering import Selling, gates_of, selling
from voelgoed.catalog.pages import event_of, pages, to_event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypeGate, TypePool, TypeZone
from voelgoed.foundation.database import db
from voelgoed.foundation.signals import announce
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Answer, Form, Page, blank, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.foundation.web.saving import saving

KEPT = (
    "number",
    "name",
    "price_cents",
    "vat_rate_bp",
    "bodies",
    "per_checkout_max",
    "reentry",
    "reentry_until",
    "reentry_entries",
    "group_min",
    "valid_from",
    "valid_until",
)
REFUSALS = {"zone_capacity": ("name", None)}


class CopyForm(Asked):
    """The copy's name, and the date of its first day."""

    name: Line = Field(max_length=120)
    date: CalendarDate | None = None
    rehearsal: bool = False


@pages.get("/events/<uuid:event_id>/copy", allow="catalog.write")
def copy(event_id: UUID) -> Answer:
    """Show the form of a copy: a week later, unless said otherwise."""
    found, first = event_of(event_id), _first(event_id)
    later = first + timedelta(days=7) if first else None
    return _page(found, blank(name=found.name, date=later, rehearsal=found.rehearsal))


def _first(event_id: UUID) -> date | None:
    day = children(event_of(event_id), Day).order_by(Day.date).first()
    return day.date if day else None


def _page(event: Event, form: Form[Any], status: int = 200) -> Answer:
    return Page("catalog/copy_form.html", status, event=event, form=form, first=_first(event.id))


@pages.post("/events/<uuid:event_id>/copy", allow="catalog.write")
def make_copy(event_id: UUID) -> Answer:
    """Make the copy."""
    found, form = event_of(event_id), read(CopyForm, request.form)
    first = _first(event_id)
    if form.ok and first and form.model.date is None:
        form.refuse("date", "This is needed.")
    if not form.ok:
        return _page(found, form, 422)
    later = (form.model.date - first).days if first and form.model.date else 0
    made = Event(name=form.model.name, rehearsal=form.model.rehearsal, **{name: getattr(found, name) for name in
                 ("venue_id", "nature", "conditions", "currency")})  # fmt: skip
    with saving(form, REFUSALS):
        _fill(found, made, later)
    return _page(found, form, 422) if form.errors else to_event(made)


def _fill(found: Event, made: Event, later: int) -> None:
    zone = found.venue.timezone
    db.session.add(made)
    db.session.flush()
    days = {day.id: _day(day, made, later, zone) for day in children(found, Day)}
    db.session.add_all(days.values())
    db.session.flush()
    for day in days.values():
        announce("catalog.day_set", day=day)
    pools = {
        pool.id: Pool(event_id=made.id, day_id=days[pool.day_id].id, name=pool.name, capacity=pool.capacity)
        for pool in children(found, Pool)
    }
    db.session.add_all(pools.values())
    db.session.flush()
    for sold in selling(found):
        if sold.type.archived_at is None:
            _type(sold, made, pools, later, zone)


def _day(day: Day, made: Event, later: int, zone: str) -> Day:
    times = {name: shifted(getattr(day, name), later, zone) for name in ("doors_at", "starts_at", "ends_at")}
    return Day(event_id=made.id, number=day.number, date=day.date + timedelta(days=later), **times)


def _type(sold: Selling, made: Event, pools: dict[UUID, Pool], later: int, zone: str) -> None:
    window = {
        name: shifted(at, later, zone)
        for name in ("sales_from", "sales_until")
        if (at := getattr(sold.type, name)) is not None
    }
    copied = TicketType(event_id=made.id, **{name: getattr(sold.type, name) for name in KEPT}, **window)
    copied.price_cents = 0 if made.rehearsal else copied.price_cents
    db.session.add(copied)
    db.session.flush()
    db.session.add_all(TypePool(ticket_type_id=copied.id, pool_id=pools[one.id].id) for one in sold.pools)
    db.session.add_all(TypeZone(ticket_type_id=copied.id, zone_id=one) for one in sold.zone_ids)
    db.session.add_all(TypeGate(ticket_type_id=copied.id, gate_id=one) for one in gates_of(sold.type))
    db.session.flush()
