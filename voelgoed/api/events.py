"""Reading what is put on: events by page, and one event with what can be sold for it now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Gate, Zone
from voelgoed.checkout.availability import Offer, offers
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Api, Json

api = Api("events", __name__)


class PageAsked(BaseModel):
    """Which part of the list: at most so many, after this id."""

    model_config = ConfigDict(extra="forbid")
    limit: int = Field(default=50, ge=1, le=200)
    after: UUID | None = None


class EventOut(BaseModel):
    """An event; its times are RFC 3339 in UTC, null before it has a day."""

    id: UUID
    name: str
    venue: str
    timezone: str
    currency: str
    on_sale: bool
    rehearsal: bool
    starts_at: str | None
    ends_at: str | None


class EventsOut(BaseModel):
    """A part of the list, oldest first, and the cursor of the next part."""

    items: list[EventOut]
    next: UUID | None


class DayOut(BaseModel):
    """One opening of the event; `date` is the venue's."""

    id: UUID
    number: int
    date: str
    doors_at: str
    starts_at: str
    ends_at: str


class TypeOut(BaseModel):
    """A ticket type: price in cents, VAT included; `available` in tickets, null for a type without a pool."""

    id: UUID
    name: str
    price_cents: int
    currency: str
    bodies: int
    per_checkout_max: int
    available: int | None
    on_sale: bool


class NamedOut(BaseModel):
    """A gate or a zone."""

    id: UUID
    name: str


class ZoneOut(NamedOut):
    """A zone with its certified number of bodies."""

    capacity: int


class OneEventOut(EventOut):
    """An event with its days, what can be sold, and where it happens."""

    days: list[DayOut]
    ticket_types: list[TypeOut]
    gates: list[NamedOut]
    zones: list[ZoneOut]


@api.call("GET", "/events", allow="catalog.read", query=PageAsked, answers={200: EventsOut})
def index(query: PageAsked) -> Answer:
    """List the organization's events, oldest first."""
    found = rows(Event).order_by(Event.id)
    if query.after:
        found = found.filter(Event.id > query.after)
    taken = found.limit(query.limit + 1).all()
    part = taken[: query.limit]
    days = _days([one.id for one in part])
    following = str(part[-1].id) if len(taken) > query.limit else None
    return Json({"items": [_event(one, days.get(one.id, [])) for one in part], "next": following})


@api.call("GET", "/events/<uuid:event_id>", allow="catalog.read", answers={200: OneEventOut})
def read(event_id: UUID) -> Answer:
    """Read one event with its days, ticket types, gates and zones."""
    event = rows(Event).get(event_id)
    days = _days([event.id]).get(event.id, [])
    gates = children(event.venue, Gate).order_by(Gate.name)
    zones = children(event.venue, Zone).order_by(Zone.name)
    return Json(
        _event(event, days)
        | {
            "days": [_day(one) for one in days],
            "ticket_types": [_type(one, event.currency) for one in offers(event)],
            "gates": [{"id": str(one.id), "name": one.name} for one in gates],
            "zones": [{"id": str(one.id), "name": one.name, "capacity": one.capacity} for one in zones],
        }
    )


def _days(event_ids: Iterable[UUID]) -> dict[UUID, list[Day]]:
    found = db.session.scalars(select(Day).where(Day.event_id.in_(event_ids)).order_by(Day.event_id, Day.number))
    return {event_id: list(days) for event_id, days in groupby(found, key=lambda day: day.event_id)}


def _event(event: Event, days: list[Day]) -> dict[str, Any]:
    return {
        "id": str(event.id), "name": event.name, "venue": event.venue.name, "timezone": event.venue.timezone,
        "currency": event.currency, "on_sale": event.on_sale, "rehearsal": event.rehearsal,
        "starts_at": _time(days[0].starts_at) if days else None,
        "ends_at": _time(days[-1].ends_at) if days else None,
    }  # fmt: skip


def _day(day: Day) -> dict[str, Any]:
    times = {name: _time(getattr(day, name)) for name in ("doors_at", "starts_at", "ends_at")}
    return {"id": str(day.id), "number": day.number, "date": day.date.isoformat(), **times}


def _type(offer: Offer, currency: str) -> dict[str, Any]:
    sold = offer.type
    return {
        "id": str(sold.id), "name": sold.name, "price_cents": sold.price_cents, "currency": currency,
        "bodies": sold.bodies, "per_checkout_max": sold.per_checkout_max, "available": offer.left,
        "on_sale": offer.on_sale,
    }  # fmt: skip


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
