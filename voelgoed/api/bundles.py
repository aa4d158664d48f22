"""What a phone takes along to judge without network."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from voelgoed.api.scan_shapes import Strict
from voelgoed.catalog.event import Event
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Api, Json, Problem, identity
from voelgoed.scanning.bundle import bundle
from voelgoed.scanning.pair import device_of

api = Api("bundles", __name__)


class BundleQuery(Strict):
    """Up to where the phone knows the tickets."""

    since: str | None = Field(default=None, max_length=200)


@api.call("GET", "/events/<uuid:event_id>/bundle", allow="scan", query=BundleQuery, answers={200: None})
def show(event_id: UUID, query: BundleQuery) -> Answer:
    """Return the device's own event: everything, or the tickets that changed since a version."""
    if device_of(identity().device_id).event_id != event_id:
        raise Problem(404, "not_found")
    return Json(bundle(rows(Event).get(event_id), query.since))
