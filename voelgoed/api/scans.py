"""Scanning: pairing, scans, reversals, overrides, heartbeat, occupancy."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from voelgoed.api.scan_shapes import Answered, HeartbeatIn, PairIn, ReasonIn, ScanIn
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, door, rows, scope
from voelgoed.foundation.web import PUBLIC, SELF, Answer, Api, Json, Problem, identity
from voelgoed.foundation.web.identity import bearer
from voelgoed.occupancy.figure import figure
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.decide import override as let_in
from voelgoed.scanning.decide import undo
from voelgoed.scanning.desk import judge_one
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import device_of, pair, revoked, try_pairing
from voelgoed.scanning.phones import heard_at_gates
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.verdict import POSITIVE

api = Api("scans", __name__)
PAIRINGS_A_MINUTE = 60


@api.call("POST", "/devices/pair", allow=PUBLIC, body=PairIn, answers={201: None})
def pair_device(body: PairIn) -> Answer:
    """Pair a phone with a code that is good for ten minutes, five tries and one use."""
    with door() as opened:
        found = opened.one("organization_of", slug=body.organization)
        allowed = opened.one("count_attempt", key=f"pair:{body.organization[:40]}", most=PAIRINGS_A_MINUTE, seconds=60)[
            0
        ]
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
            said = {"token": token, **_place(device)}
        commit()  # the try counts, whether or not it opened
    if said is None:
        raise refusal
    return Json(said, 201)


def _place(device: Device) -> dict[str, Any]:
    event = rows(Event).including_archived().get(device.event_id)
    gate = rows(Gate).including_archived().get(device.gate_id)
    return {
        "device": {"id": str(device.id), "name": device.name},
        "event": {"id": str(event.id), "name": event.name},
        "gate": {"id": str(gate.id), "name": gate.name},
    }


@api.call("POST", "/scans", allow=SELF, body=ScanIn, answers={200: Answered}, express=True)
def scan(body: ScanIn) -> Answer:
    """Judge one scan; every verdict is a 200, refusals too."""
    if (body.code is None) == (body.serial is None):
        raise Problem(422, "invalid", errors={"code": ["Send a code or a serial, one of them."]})
    return _told(judge_one(_asked(body)))


def _asked(body: ScanIn) -> Asked:
    from voelgoed.ticketing.serial import parse

    return Asked(
        token_hash=bearer().secret_hash,
        scan_id=body.scan_id,
        sequence=body.sequence,
        direction=body.direction,
        scanned_at=body.scanned_at,
        code=body.code or "",
        serial=(parse(body.serial) or body.serial) if body.serial else None,
        gate_id=body.gate_id,
        bodies=body.bodies,
        clock_offset_ms=body.clock_offset_ms,
        recheck=body.recheck,
        staff_number=body.staff_number,
    )


def _told(judged: Judged) -> Answer:
    if judged.refusal == "unauthorized":
        raise Problem(401, "unauthorized", "That token opens nothing", headers={"WWW-Authenticate": "Bearer"})
    if judged.refusal == "device_revoked":
        raise revoked(judged.wipe)
    if judged.refusal == "sequence_conflict":
        raise Problem(
            409, "sequence_conflict", "That scan was sent before, and said something else",
            "The first one stands. Pair the phone again.",
        )  # fmt: skip
    return Json(
        {
            "scan_id": str(judged.scan_id),
            "verdict": judged.verdict,
            "admitted": judged.verdict in POSITIVE,
            **judged.said,
            "occupancy": judged.occupancy,
        },
        headers={"X-Dedup-Tier": judged.tier},
    )


@api.call("POST", "/scans/<uuid:scan_id>/reversals", allow="gate.decide", body=ReasonIn, answers={201: None})
def reverse(scan_id: UUID, body: ReasonIn) -> Answer:
    """Take back an admission, with a reason."""
    fact = undo(rows(Scan).get(scan_id), body.reason)
    return Json({"id": str(fact.id), "scan_id": str(scan_id), "at": _moment(fact.effective_at)}, 201)


@api.call("POST", "/scans/<uuid:scan_id>/overrides", allow="gate.decide", body=ReasonIn, answers={201: None})
def override(scan_id: UUID, body: ReasonIn) -> Answer:
    """Let in after a refusal, with a reason."""
    fact = let_in(rows(Scan).get(scan_id), body.reason)
    return Json({"id": str(fact.id), "scan_id": str(scan_id), "at": _moment(fact.effective_at)}, 201)


@api.call("POST", "/devices/heartbeat", allow="scan", body=HeartbeatIn, answers={200: None})
def heartbeat(body: HeartbeatIn) -> Answer:
    """Say how the phone is; hear what it should be."""
    device = device_of(identity().device_id)
    device.last_heard_at = now()
    device.unsent, device.battery, device.app_version = body.unsent, body.battery, body.app_version
    if body.clock is not None:
        offset = round((body.clock - now()).total_seconds() * 1000)
        device.clock_offset_ms = max(-(2**31), min(2**31 - 1, offset))
    db.session.flush()
    place = _place(device)
    return Json(
        {
            "event": place["event"],
            "gate": place["gate"],
            "state": "active",
            "entry_stopped": False,
            "bundle_version": None,
            "server_time": _moment(now()),
        }
    )


@api.call("GET", "/events/<uuid:event_id>/occupancy", allow="occupancy.read", answers={200: None})
def occupancy(event_id: UUID) -> Answer:
    """Say who is inside: bodies and tickets, per zone and gate."""
    event = rows(Event).get(_own_event(event_id))
    found = figure(event)
    if found is None:
        raise Problem(404, "no_day", "That event has no day yet")
    heard = {gate_id: _moment(at) for gate_id, at in heard_at_gates(event).items()}
    return Json(
        {
            "bodies": found.bodies,
            "tickets": found.tickets,
            "capacity": found.capacity,
            "zones": [
                {"id": str(one.id), "name": one.name, "bodies": one.bodies, "capacity": one.capacity}
                for one in found.zones
            ],
            "gates": [
                {
                    "id": str(one.id), "name": one.name, "entries": one.entries, "exits": one.exits,
                    "per_minute": one.per_minute, "last_heard_at": heard.get(one.id),
                }
                for one in found.gates
            ],
            "uncertainty": found.uncertainty,
            "version": found.version,
        }
    )  # fmt: skip


def _own_event(event_id: UUID) -> UUID:
    """A device sees its own event, and no other."""
    device = identity().device_id
    if device is not None and device_of(device).event_id != event_id:
        raise Problem(404, "not_found")
    return event_id


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
