"""Emptying a zone after an evacuation, for a supervisor's programs."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, Field

from voelgoed.api.scan_shapes import Strict
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.tenancy import because, children, rows
from voelgoed.foundation.web import Answer, Api, Json
from voelgoed.foundation.web.fields import Line
from voelgoed.foundation.web.once import once
from voelgoed.scanning.empty_zone import empty
from voelgoed.scanning.zone_emptied import ZoneEmptied

api = Api("emptyings", __name__)


class EmptyIn(Strict):
    """The zone that everybody has left (none: all of them), and why."""

    zone_id: UUID | None = None
    reason: Line = Field(min_length=1, max_length=400)


class EmptiedOut(BaseModel):
    """What was emptied, `zones` with those inside it; everyone may enter again."""

    id: UUID
    zone_id: UUID | None
    zones: list[UUID]
    reason: str
    by: str
    at: str


@api.call("POST", "/events/<uuid:event_id>/emptyings", allow="gate.decide", body=EmptyIn, answers={201: EmptiedOut})
def begin(event_id: UUID, body: EmptyIn) -> Answer:
    """Say that everybody has left a zone, or the place; it is never undone."""
    event = rows(Event).get(event_id)
    zone = children(event.venue, Zone).get(body.zone_id) if body.zone_id else None
    claimed = once(body)
    if claimed is not None and claimed.reference:
        return _told(children(event, ZoneEmptied).get(UUID(claimed.reference["emptied_id"])))
    with because(body.reason):
        made = empty(event, zone, body.reason)
    if claimed is not None:
        claimed.keep(emptied_id=str(made.id))
    return _told(made)


def _told(made: ZoneEmptied) -> Answer:
    return Json({
        "id": str(made.id), "zone_id": str(made.zone_id) if made.zone_id else None, "zones": made.zones,
        "reason": made.reason, "by": made.actor, "at": made.effective_at.isoformat().replace("+00:00", "Z"),
    }, 201)  # fmt: skip
