"""A venue and an event, made through the pages as a manager makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.personas import House, Personas
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.resource import Resource
from voelgoed.foundation.tenancy import rows

VENUE = {"name": "Oewerpark", "address": "12 Kerk Street", "timezone": "Africa/Johannesburg"}
EVENT = {"name": "Somernagte", "nature": "Konsert", "date": "2027-03-06", "doors": "17:00", "starts": "18:00",
         "ends": "02:00", "conditions": "Geen glas"}  # fmt: skip
TYPE = {"name": "Adult", "price_cents": "350", "capacity": "100", "bodies": "1", "per_checkout_max": "10"}


@dataclass
class Place:
    """Somebody's browser, and what they have made so far."""

    personas: Personas
    client: FlaskClient
    house: House
    ids: dict[str, UUID] = field(default_factory=dict)

    def post(self, path: str, **data: Any) -> TestResponse:
        """Post a form under the organization's path; `{venue}` and the like stand for ids."""
        return self.client.post(self.path(path), data=data)

    def get(self, path: str) -> TestResponse:
        """Get a page under the organization's path."""
        return self.client.get(self.path(path))

    def path(self, path: str) -> str:
        """Fill the ids of what was made into a path."""
        return f"/{self.house.slug}{path.format(**self.ids)}"

    def made(self, cls: type[Resource], name: str | None = None, key: str | None = None) -> UUID:
        """Return the id of the newest row of a class (of that name), and remember it."""
        with self.house.scope():
            found = rows(cls).including_archived().order_by(cls.id.desc())
            row = (found.filter_by(name=name) if name else found).first()
            assert row is not None, f"no {cls.__name__} {name or ''}"
            self.ids[key or cls.__name__.lower()] = row.id
            return row.id


def at(personas: Personas, role: str = "manager", house: House | None = None) -> Place:
    """Return a place of the person with a role."""
    house = house or personas.home
    return Place(personas, personas.client(role, house), house)


def venue(personas: Personas, house: House | None = None) -> Place:
    """Make a venue with two zones, one inside the other, and a gate."""
    here = at(personas, house=house)
    assert here.post("/venues", **VENUE).status_code == 303
    here.made(Venue)
    assert here.post("/venues/{venue}/zones", name="Grounds", capacity="500").status_code == 303
    here.made(Zone, "Grounds", "grounds")
    inside = {"name": "Terrace", "capacity": "120", "parent_id": str(here.ids["grounds"])}
    assert here.post("/venues/{venue}/zones", **inside).status_code == 303
    here.made(Zone, "Terrace", "terrace")
    gate = {"name": "North", "into_id": str(here.ids["grounds"])}
    assert here.post("/venues/{venue}/gates", **gate).status_code == 303
    here.made(Gate)
    return here


def event(personas: Personas, house: House | None = None) -> Place:
    """Put an event on at such a venue, with one day."""
    here = venue(personas, house)
    assert here.post("/events", venue_id=str(here.ids["venue"]), **EVENT).status_code == 303
    here.made(Event)
    here.made(Day)
    return here


def typed(here: Place, **changes: Any) -> dict[str, Any]:
    """Return the fields of a type on the event's day."""
    return {**TYPE, "days": str(here.ids["day"])} | changes


def sold(personas: Personas) -> Place:
    """Put an event on with a type of 100."""
    here = event(personas)
    assert here.post("/events/{event}/types", **typed(here)).status_code == 303
    here.made(TicketType, "Adult", "type")
    here.made(Pool)
    return here
