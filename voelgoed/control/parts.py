"""The partials of the supervisor's room: in the page, in the answer to a refetch, and in the push."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from werkzeug.exceptions import NotFound

from voelgoed.catalog.event import Event
from voelgoed.control.entry import entry
from voelgoed.control.look import take
from voelgoed.control.needs import needs
from voelgoed.control.picture import Picture
from voelgoed.control.seen import last
from voelgoed.foundation.live import Part, part
from voelgoed.foundation.tenancy import rows

Extra = Callable[[Event, Picture], dict[str, Any]]


def _picture(_event: Event, _picture: Picture) -> dict[str, Any]:
    return {}


def _needs(event: Event, picture: Picture) -> dict[str, Any]:
    return {"needs": needs(event, picture)}


def _seen(event: Event, _picture: Picture) -> dict[str, Any]:
    return dict(last(event))


def _entry(event: Event, _picture: Picture) -> dict[str, Any]:
    return entry(event)


PARTS: dict[str, Extra] = {
    "occupancy": _picture,
    "zones": _picture,
    "gates": _picture,
    "hour": _picture,
    "wall": _entry,
    "entry": _entry,
    "needs": _needs,
    "refusals": _seen,
    "admissions": _seen,
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
    return _render(name, picture, extra(event, picture))


def _render(name: str, picture: Picture, context: dict[str, Any]) -> Part:
    return part(f"control/_{name}.html", picture.version, picture=picture, **context)


def shown(event: Event, picture: Picture) -> dict[str, Any]:
    """Return what the page that includes all partials needs."""
    return {"event": event, "picture": picture, "version": picture.version, **_all(event, picture)}


def _all(event: Event, picture: Picture) -> dict[str, Any]:
    """Read what all partials show beside the picture, each once."""
    found: dict[str, Any] = {}
    for extra in dict.fromkeys(PARTS.values()):
        found |= extra(event, picture)
    return found


def load(event_id: UUID) -> Event:
    """Return the event that a room is about, in the open scope, or 404."""
    return rows(Event).get(event_id)


def push(event_id: UUID) -> Iterator[Part]:
    """Render all partials of an event's room, from one reading."""
    event = load(event_id)
    picture = take(event)
    if picture is not None:
        context = _all(event, picture)
        yield from (_render(name, picture, context) for name in PARTS)
