"""An evening at the gate: a venue with zones and gates, an event that is on, tickets, paired phones."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient

from tests.personas import House
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.pair import make_pairing, pair
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.issue import Wanted, issue
from voelgoed.ticketing.ticket import Ticket


@dataclass
class Phone:
    """A paired phone: asks the API with its token, counts its own sequence."""

    client: FlaskClient
    token: str
    id: UUID
    event_id: UUID
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def body(self, code: str | None = None, **more: Any) -> dict[str, Any]:
        """Return the body of one scan."""
        said = {"scan_id": str(uuid4()), "sequence": next(self.numbers), "scanned_at": now().isoformat(), **more}
        return said if code is None else {"code": code, **said}

    def send(self, body: dict[str, Any]) -> Any:
        """Send a body as it is."""
        return self.client.post("/api/v1/scans", json=body, headers={"Authorization": f"Bearer {self.token}"})

    def post(self, path: str, **body: Any) -> Any:
        """Post something else to the API with the phone's token."""
        return self.client.post(f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {self.token}"})

    def scan(self, code: str, **more: Any) -> dict[str, Any]:
        """Scan a code and return the answer."""
        answer = self.send(self.body(code, **more))
        assert answer.status_code == 200, answer.json
        said: dict[str, Any] = answer.json
        return said


@dataclass
class Evening:
    """What is there tonight, by id, so that it outlives its scope."""

    app: Flask
    house: House
    event_id: UUID
    day_id: UUID
    gates: dict[str, UUID]
    zones: dict[str, UUID]
    types: dict[str, UUID]

    def tickets(self, name: str = "Adult", quantity: int = 1) -> list[tuple[UUID, str]]:
        """Issue tickets of a type; returns ids and codes."""
        with self.house.scope():
            made = issue(self.event_id, [Wanted(rows(TicketType).get(self.types[name]), quantity)])
            commit()
            return [(ticket_id, code_of(rows(Ticket).get(ticket_id))) for ticket_id in made]

    def code(self, name: str = "Adult") -> str:
        """Issue one ticket and return its code."""
        return self.tickets(name)[0][1]

    def phone(self, gate: str = "South", role: str = "steward") -> Phone:
        """Pair a phone at a gate."""
        with self.house.scope("gate_supervisor"):
            pairing, _ = make_pairing(
                rows(Event).get(self.event_id), rows(Gate).get(self.gates[gate]), f"phone at {gate}", role
            )
            device, token = pair(pairing)
            commit()
            return Phone(self.app.test_client(), token, device.id, self.event_id)


def put_on(
    app: Flask,
    house: House,
    doors: timedelta = timedelta(hours=-1),
    capacity: int = 1000,
    name: str = "Tonight",
) -> Evening:
    """Put an event on whose doors opened an hour ago: Grounds with Lawn and Circle inside."""
    with house.scope("manager"):
        venue = Venue(name=f"Park of {name}")
        db.session.add(venue)
        db.session.flush()
        grounds = _zone(venue, "Grounds", max(capacity, 300))
        lawn, circle = _zone(venue, "Lawn", capacity, grounds), _zone(venue, "Circle", 50, grounds)
        gates = {
            "South": Gate(venue_id=venue.id, name="South", into_id=lawn.id),
            "North": Gate(venue_id=venue.id, name="North", into_id=lawn.id),
            "Rope": Gate(venue_id=venue.id, name="Rope", from_id=lawn.id, into_id=circle.id),
        }
        event = Event(venue_id=venue.id, name=name)
        db.session.add_all([*gates.values(), event])
        db.session.flush()
        day = _day(event, now() + doors)
        types = {
            one: _type(event, day, number, one, bodies, reentry)
            for number, (one, bodies, reentry) in enumerate(
                [("Adult", 1, "none"), ("Family", 4, "none"), ("Crew", 1, "free")], start=1
            )
        }
        commit()
        zones = {"Grounds": grounds.id, "Lawn": lawn.id, "Circle": circle.id}
        ids = {one: gate.id for one, gate in gates.items()}
        return Evening(app, house, event.id, day.id, ids, zones, {one: made.id for one, made in types.items()})


def _zone(venue: Venue, name: str, capacity: int, parent: Zone | None = None) -> Zone:
    made = Zone(venue_id=venue.id, name=name, capacity=capacity, parent_id=parent.id if parent else None)
    db.session.add(made)
    db.session.flush()
    return made


def _day(event: Event, doors: datetime) -> Day:
    made = Day(
        event_id=event.id,
        number=0,
        date=doors.date(),
        doors_at=doors,
        starts_at=doors + timedelta(hours=2),
        ends_at=doors + timedelta(hours=8),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _type(event: Event, day: Day, number: int, name: str, bodies: int, reentry: str) -> TicketType:
    made = TicketType(event_id=event.id, number=number, name=name, price_cents=35000, bodies=bodies, reentry=reentry)
    pool = Pool(event_id=event.id, day_id=day.id, name=name, capacity=100)
    db.session.add_all([made, pool])
    db.session.flush()
    db.session.add(TypePool(ticket_type_id=made.id, pool_id=pool.id))
    db.session.flush()
    return made
