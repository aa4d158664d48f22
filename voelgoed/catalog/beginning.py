"""The steps of setting up, and how far an organization has come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for

from voelgoed.accounts.home import Step
from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.resource import Resource
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import identity


def _first(cls: type[Resource]) -> Resource | None:
    return rows(cls).order_by(cls.id.desc()).first()


def steps() -> Iterator[Step]:
    """Say what comes first, next and last, each with where it is done."""
    venue, event = _first(Venue), _first(Event)
    if not identity().may("catalog.write"):
        return

    def to(endpoint: str, **ids: Any) -> str:
        return url_for(f"catalog.{endpoint}", slug=identity().slug, **ids)

    at_venue = {"venue_id": venue.id} if venue else {}
    at_event = {"event_id": event.id} if event else {}
    yield Step("A venue", "Its name, address and time zone.", venue is not None, to("new_venue"))
    yield Step("Its zones", "Areas with the number of people that each may hold.", _first(Zone) is not None,
               to("new_zone", **at_venue) if venue else None)  # fmt: skip
    yield Step("Its gates", "The ways in, where phones will stand.", _first(Gate) is not None,
               to("new_gate", **at_venue) if venue else None)  # fmt: skip
    yield Step("An event", "What is put on, and its first day.", event is not None,
               to("new_event") if venue else None)  # fmt: skip
    yield Step("Ticket types", "Price, capacity, sales window. Then the till can sell.",
               _first(TicketType) is not None, to("new_type", **at_event) if event else None)  # fmt: skip
