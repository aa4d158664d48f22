"""Phones and turnstiles: pairing, and the heartbeat by which they hear what they should be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from voelgoed.api.scan_shapes import HeartbeatIn, PairIn
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import Actor, door, rows, scope
from voelgoed.foundation.web import PUBLIC, Answer, Api, Json, Problem, identity
from voelgoed.scanning.device import Device
from voelgoed.scanning.heard import Health, hear
from voelgoed.scanning.last_known import last_known
from voelgoed.scanning.pair import device_of, pair, try_pairing
from voelgoed.scanning.stop_entry import confirm, holds_at

api = Api("phones", __name__)
PAIRINGS_A_MINUTE = 60


@api.call("POST", "/devices/pair", allow=PUBLIC, body=PairIn, answers={201: None})
def pair_device(body: PairIn) -> Answer:
    """Pair a phone with a code that is good for ten minutes, five tries and one use."""
    with door() as opened:
        found = opened.one("organization_of", slug=body.organization)
        key = f"pair:{body.organization[:40]}"
        allowed = opened.one("count_attempt", key=key, most=PAIRINGS_A_MINUTE, seconds=60)[0]
    if not allowed:
        raise Problem(429, "too_many_tries", detail="Wait a minute, then try again.", headers={"Retry-After": "60"})
    refusal = Problem(404, "no_such_pairing", "That code opens nothing", "It is used, too old, or mistyped.")
    if found is None:
        raise refusal
    with scope(found.id, Actor("anonymous", None, "a phone that pairs")):
        pairing = try_pairing(body.pairing_code)
        said = None
        if pairing is not None:
            device, token = pair(pairing, body.name)
            said = {"token": token, **place_of(device)}
        commit()  # the try counts, whether or not it opened
    if said is None:
        raise refusal
    return Json(said, 201)


@api.call("POST", "/devices/heartbeat", allow="scan", body=HeartbeatIn, answers={200: None})
def heartbeat(body: HeartbeatIn) -> Answer:
    """Say how the phone is; hear what it should be, how full the zones are, and whether it shall hand in and go."""
    device = device_of(identity().device_id)
    state = hear(device, Health(**body.model_dump(exclude={"stops_version"})))
    stops = confirm(device, body.stops_version)
    said = {
        "state": state,
        "entry_stopped": holds_at(device.gate, stops),
        "stops": stops.said(),
        "occupancy": last_known(rows(Event).including_archived().get(device.event_id)),
        "bundle_version": None,
        "server_time": _moment(now()),
    }
    return Json(place_of(device) | said)


def place_of(device: Device) -> dict[str, Any]:
    """Say who a device is and where it stands."""
    event = rows(Event).including_archived().get(device.event_id)
    gate = rows(Gate).including_archived().get(device.gate_id)
    return {
        "device": {"id": str(device.id), "name": device.name, "role": device.role},
        "event": {"id": str(event.id), "name": event.name, "rehearsal": event.rehearsal},
        "gate": {"id": str(gate.id), "name": gate.name},
    }


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
