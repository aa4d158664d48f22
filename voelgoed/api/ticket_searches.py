"""Finding a ticket by its holder's name from a phone: for a supervisor, one search for one PIN."""

from __future__ import annotations

from dataclasses import asdict

from voelgoed.api.scan_shapes import SearchIn
from voelgoed.foundation.web import Answer, Api, Json, identity
from voelgoed.scanning.name_search import by_name
from voelgoed.scanning.pair import device_of
from voelgoed.scanning.supervisor import opened_by

api = Api("ticket_searches", __name__)


@api.call("POST", "/ticket-searches", allow="scan", body=SearchIn, answers={200: None})
def search(body: SearchIn) -> Answer:
    """Find tickets of the phone's event by the beginning of the holder's name, opened by a supervisor's PIN."""
    device = device_of(identity().device_id)
    opened_by(device, body.staff_number, body.pin)
    return Json({"items": [asdict(one) for one in by_name(device.event_id, body.name)]})
