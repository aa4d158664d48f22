"""The partials of the supervisor's room: in the page, in the answer to a refetch, and in the push."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from werkzeug.exceptions import NotFound

from voelgoed.catalog.event import Event
from voelgoed.control import seen
from voelgoed.control.look import take
from voelgoed.control.needs import needs
from voelgoed.control.picture import Picture
from voelgoed.foundation.live import Part, part
from voelgoed.foundation.tenancy import rows

Extra = Callable[[Event, Picture], dict[str, Any]]

PARTS: dict[str, Extra] = {
    "occupancy": lambda _event, _picture: {},
    "zones": lambda _event, _picture: {},
    "gates": lambda _event, _picture: {},
    "hour": lambda _event, _picture: {},
    "wall": lambda _event, _picture: {},
    "needs": lambda event, picture: {"needs": needs(event, picture)},
    "refusals": lambda event, _picture: {"refusals": seen.refusals(event)},
    "admissions": lambda event, _picture: {"admissions": seen.admissions(event)},
}
"""What each partial shows beside the picture."""


def picture_of(event: Event) -> Picture:
    """Take the picture of an event; raises NotFound while it has no day."""
    found = take(event)
    if found is None:
        raise NotFound("the event has no day")
    return found


def draw(name: str, event: Event, picture: Picture) -> Part:
    """Render one partial; raises NotFound for a name that is none."""
    extra = PARTS.get(name)
    if extra is None:
        raise NotFound("no such part")
    return part(f"control/_{name}.html", picture.version, picture=picture, **extra(event, picture))


def shown(event: Event, picture: Picture) -> dict[str, Any]:
    """Return what the page that includes all partials needs."""
    context: dict[str, Any] = {"event": event, "picture": picture, "version": picture.version}
    for extra in PARTS.values():
        context |= extra(event, picture)
    return context


def load(event_id: UUID) -> Event:
    """Return the event that a room is about, in the open scope, or 404."""
    return rows(Event).get(event_id)


def push(event_id: UUID) -> Iterator[Part]:
    """Render all partials of an event's room."""
    event = load(event_id)
    picture = take(event)
    if picture is not None:
        yield from (draw(name, event, picture) for name in PARTS)
