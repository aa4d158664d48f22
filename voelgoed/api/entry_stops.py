"""Stopping entry and resuming it, for a supervisor's programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from voelgoed.api.scan_shapes import Strict
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Api, Json
from voelgoed.scanning.entry_stop import EntryStop
from voelgoed.scanning.stop_entry import active, resume, stop, stops_of, unconfirmed

api = Api("entry_stops", __name__)


class StopIn(Strict):
    """The zone that nobody shall be let into; none: everywhere."""

    zone_id: UUID | None = None


@api.call("POST", "/events/<uuid:event_id>/entry-stops", allow="gate.decide", body=StopIn, answers={201: None})
def begin(event_id: UUID, body: StopIn) -> Answer:
    """Stop entry into a zone, or everywhere."""
    event = rows(Event).get(event_id)
    zone = children(event.venue, Zone).get(body.zone_id) if body.zone_id else None
    return Json(_said(stop(event, zone)), 201)


@api.call("GET", "/events/<uuid:event_id>/entry-stops", allow="live.read", answers={200: None})
def index(event_id: UUID) -> Answer:
    """Say where entry is stopped, and which phones have not confirmed the last change."""
    event = rows(Event).get(event_id)
    waiting = unconfirmed(event, stops_of(event.id).version)
    return Json({
        "items": [_said(one) for one in active(event)],
        "unconfirmed": [{"name": one.name, "gate": one.gate} for one in waiting],
    })  # fmt: skip


@api.call("DELETE", "/entry-stops/<uuid:stop_id>", allow="gate.decide", answers={200: None})
def end(stop_id: UUID) -> Answer:
    """Resume entry."""
    stopped = rows(EntryStop).get(stop_id)
    resume(stopped)
    return Json(_said(stopped))


def _said(one: EntryStop) -> dict[str, Any]:
    return {
        "id": str(one.id), "zone_id": str(one.zone_id) if one.zone_id else None,
        "at": one.stopped_at.isoformat().replace("+00:00", "Z"), "by": one.stopped_by,
    }  # fmt: skip
