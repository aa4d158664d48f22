"""Ticket types: what is sold, for how much, on which days, and out of which capacity."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from flask import request
from pydantic import Field, ValidationInfo, field_validator
from sqlalchemy import select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.local_time import NoSuchTime, to_utc, typed
from voelgoed.catalog.offering import (
    NoSuchPool,
    Selling,
    StillTaken,
    gates_of,
    give_days,
    next_number,
    open_gates,
    open_zones,
    selling,
)
from voelgoed.catalog.pages import event_of, pages, put_away, to_event
from voelgoed.catalog.ticket_type import Pool, TicketType
from voelgoed.catalog.validity import is_open, window_of
from voelgoed.catalog.venue import Gate, Zone
from voelgoed.catalog.zone_pages import MOST_PEOPLE, zone_choices
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Form, Page, blank, read
from voelgoed.foundation.web.fields import Asked, Cents, Line, rands
from voelgoed.foundation.web.saving import saving
from voelgoed.foundation.web.words import day as day_in_words

MOST_TYPES = 255
VENDORS_RATE_BP = 1500
LISTS = ("days", "zones", "gates")
PLAIN = (
    "name",
    "price_cents",
    "bodies",
    "per_checkout_max",
    "reentry",
    "reentry_until",
    "reentry_entries",
    "group_min",
    "valid_from",
    "valid_until",
)
REFUSALS = {
    "ux_ticket_type_event_id_name_key": ("name", "Another type of this event has this name."),
    "uq_pool_organization_id_day_id_name_key": ("name", "A capacity has this name already: share it, or rename."),
    "ck_pool_never_above_capacity": ("capacity", "More than that are sold or held already."),
    "ck_ticket_type_window_in_order": ("sales_until", "Sales end after they begin."),
    "zone_capacity": ("capacity", None),
    "rehearsal_is_free": ("price_cents", None),
}  # fmt: skip


class TypeForm(Asked):
    """What a type is; `capacity` is in people for each day, empty where it shares one."""

    name: Line = Field(max_length=120)
    price_cents: Cents = Field(ge=0, le=100_000_000)
    vat_rate_bp: Literal["0", "1500"] | None = None
    days: list[UUID] = Field(min_length=1)
    shared: Line | None = Field(default=None, max_length=120)
    capacity: int | None = Field(default=None, ge=0, le=MOST_PEOPLE)
    bodies: int = Field(default=1, ge=1, le=200)
    per_checkout_max: int = Field(default=10, ge=1, le=200)
    reentry: Literal["none", "free", "until", "entries", "daily"] = "none"
    reentry_until: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    reentry_entries: int = Field(default=1, ge=1, le=100)
    group_min: int = Field(default=1, ge=1, le=200)
    valid_from: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    valid_until: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    zones: list[UUID] = []
    gates: list[UUID] = []

    @field_validator("reentry_until", mode="after")
    @classmethod
    def _only_until(cls, clock: str | None, said: ValidationInfo) -> str | None:
        return clock if said.data.get("reentry") == "until" else None

    sales_from: datetime | None = None
    sales_until: datetime | None = None


def type_of(event_id: UUID, type_id: UUID) -> TicketType:
    """Return a type of an event, put away or not; else 404."""
    return children(event_of(event_id), TicketType).filter(~TicketType.gate_pass).including_archived().get(type_id)


@pages.get("/events/<uuid:event_id>/types/new", allow="catalog.write")
def new_type(event_id: UUID) -> Answer:
    """Show the form of a new type."""
    event = event_of(event_id)
    days = [one.id for one in children(event, Day)]
    return _page(
        event,
        None,
        blank(bodies=1, per_checkout_max=10, reentry_entries=1, group_min=1, days=days, vat_rate_bp=_usual_rate()),
    )


def _gates(event: Event) -> list[tuple[str, str]]:
    """Return the gates that lead in from outside."""
    found = children(event.venue, Gate).filter(Gate.from_id.is_(None)).order_by(Gate.name)
    return [(str(one.id), one.name) for one in found]


def _usual_rate() -> int:
    vendor = db.session.scalars(select(Organization)).one().vat_vendor
    return VENDORS_RATE_BP if vendor else 0


def _page(event: Event, sold: Selling | None, form: Form[Any], status: int = 200) -> Answer:
    days = children(event, Day).order_by(Day.date).all()
    shared = sorted({pool.name for pool in children(event, Pool)})
    return Page(
        "catalog/type_form.html", status, event=event, sold=sold, form=form, days=days,
        day_choices=[(str(one.id), day_in_words(one.date)) for one in days],
        zones=zone_choices(event.venue), gates=_gates(event), vendor=_usual_rate() > 0,
        shared=[(name, f"Shared: {name}") for name in shared],
    )  # fmt: skip


@pages.post("/events/<uuid:event_id>/types", allow="catalog.write")
def create_type(event_id: UUID) -> Answer:
    """Make a type with its capacity."""
    event, form = event_of(event_id, to_write=True), read(TypeForm, request.form, LISTS)
    number = next_number(event)
    if form.ok and form.model.capacity is None and not form.model.shared:
        form.refuse("capacity", "This is needed, unless it shares another's.")
    if form.ok and number > MOST_TYPES:
        form.refuse("name", f"An event has at most {MOST_TYPES} types, those put away counted.")
    if form.ok:
        _save(event, TicketType(event_id=event.id, number=number), form)
    return _page(event, None, form, 422) if not form.ok else to_event(event)


@pages.get("/events/<uuid:event_id>/types/<uuid:type_id>", allow="catalog.write")
def ticket_type(event_id: UUID, type_id: UUID) -> Answer:
    """Show the form of a type."""
    found = type_of(event_id, type_id)
    sold = _selling(found)
    zone = found.event.venue.timezone
    form = blank(
        name=found.name, price_cents=rands(found.price_cents), vat_rate_bp=found.vat_rate_bp, bodies=found.bodies,
        per_checkout_max=found.per_checkout_max, reentry=found.reentry, reentry_until=found.reentry_until,
        reentry_entries=found.reentry_entries, group_min=found.group_min, gates=gates_of(found),
        valid_from=found.valid_from, valid_until=found.valid_until,
        days=[pool.day_id for pool in sold.pools],
        capacity=sold.capacity if sold.own else None, zones=sold.zone_ids,
        sales_from=typed(found.sales_from, zone), sales_until=typed(found.sales_until, zone),
    )  # fmt: skip
    return _page(found.event, sold, form)


def _selling(found: TicketType) -> Selling:
    return next(one for one in selling(found.event) if one.type.id == found.id)


@pages.post("/events/<uuid:event_id>/types/<uuid:type_id>", allow="catalog.write")
def change_type(event_id: UUID, type_id: UUID) -> Answer:
    """Change a type and its capacity."""
    event_of(event_id, to_write=True)
    found, form = type_of(event_id, type_id), read(TypeForm, request.form, LISTS)
    sold = _selling(found)
    if form.ok and form.model.bodies != found.bodies and sold.taken:
        form.refuse("bodies", "Tickets are sold or held already. Make another type.")
    if form.ok and sold.own and form.model.capacity is None and len(form.model.days) > len(sold.pools):
        form.refuse("capacity", "This is needed for the new day.")
    if form.ok:
        shared = None if sold.own else next(iter(sold.pools)).name
        _save(found.event, found, form, shared)
    return _page(found.event, sold, form, 422) if not form.ok else to_event(found)


def _save(event: Event, row: TicketType, form: Form[TypeForm], shared: str | None = None) -> None:
    asked = form.model
    days = [children(event, Day).get(one) for one in asked.days]
    zones = [children(event.venue, Zone).get(one).id for one in asked.zones]
    gates = [children(event.venue, Gate).get(one).id for one in asked.gates]
    _check_entry(form)
    _check_validity(form, days, event.venue.timezone)
    window = _window(form, event.venue.timezone)
    if window is None:
        return
    try:
        with saving(form, REFUSALS):
            for name in PLAIN:
                setattr(row, name, getattr(asked, name))
            row.vat_rate_bp = min(int(asked.vat_rate_bp or _usual_rate()), _usual_rate())
            row.sales_from, row.sales_until = window
            db.session.add(row)
            db.session.flush()
            open_zones(row, zones)
            open_gates(row, gates)
            give_days(row, days, asked.capacity, asked.shared or shared)
    except StillTaken:
        form.refuse("days", "Tickets of that day are sold or held already: the type keeps it.")
    except NoSuchPool as error:
        form.refuse("days", f"Not each of these days has a capacity named {error}.")


def _check_entry(form: Form[TypeForm]) -> None:
    """Refuse what makes no sense together: a time that is missing, a group larger than its ticket."""
    if form.model.reentry == "until" and form.model.reentry_until is None:
        form.refuse("reentry_until", "This is needed.")
    if form.model.group_min > form.model.bodies:
        form.refuse("group_min", "No more than the people of one ticket.")


def _check_validity(form: Form[TypeForm], days: list[Day], timezone: str) -> None:
    """Refuse times between which a day lets nobody in."""
    asked = form.model
    for day in days:
        window = window_of(day.date, day.doors_at, day.ends_at, timezone, asked.valid_from, asked.valid_until)
        if not is_open(window, day):
            wrong = "valid_until" if asked.valid_until else "valid_from"
            form.refuse(wrong, f"On {day_in_words(day.date)} it would let nobody in.")
            return


def _window(form: Form[TypeForm], timezone: str) -> tuple[datetime | None, datetime | None] | None:
    found: list[datetime | None] = []
    for name in ("sales_from", "sales_until"):
        wall: datetime | None = getattr(form.model, name)
        try:
            found.append(to_utc(wall.date(), wall.time(), timezone) if wall else None)
        except NoSuchTime as error:
            form.refuse(name, str(error))
    return (found[0], found[1]) if form.ok else None


put_away("type", "/events/<uuid:event_id>/types/<uuid:type_id>", load=type_of, back=to_event, refusals=REFUSALS)
