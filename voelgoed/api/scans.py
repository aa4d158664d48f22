"""Scanning: scans, reversals, overrides, occupancy."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from voelgoed.api.scan_shapes import Answered, OverrideIn, ReasonIn, ScanIn
from voelgoed.catalog.event import Event
from voelgoed.foundation.tenancy import because, children, rows
from voelgoed.foundation.web import SELF, Answer, Api, Json, Problem, identity
from voelgoed.foundation.web.identity import bearer
from voelgoed.occupancy.figure import figure
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.decide import override as let_in
from voelgoed.scanning.decide import undo
from voelgoed.scanning.desk import judge_one
from voelgoed.scanning.look import look_at, looking_device
from voelgoed.scanning.pair import device_of, revoked
from voelgoed.scanning.phones import heard_at_gates
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.supervisor import opened_by
from voelgoed.scanning.verdict import POSITIVE

api = Api("scans", __name__)


@api.call("POST", "/scans", allow=SELF, body=ScanIn, answers={200: Answered}, express=True)
def scan(body: ScanIn) -> Answer:
    """Judge one scan; every verdict is a 200, refusals too."""
    if (body.code is None) == (body.serial is None):
        raise Problem(422, "invalid", errors={"code": ["Send a code or a serial, one of them."]})
    if body.look:
        return _told(look_at(looking_device(bearer()), _asked(body)), look=True)
    return _told(judge_one(_asked(body)))


def _asked(body: ScanIn) -> Asked:
    from voelgoed.ticketing.serial import parse

    return Asked(
        token_hash=bearer().secret_hash,
        scan_id=body.scan_id,
        sequence=body.sequence or 0,
        direction=body.direction,
        scanned_at=body.scanned_at,
        code=body.code or "",
        serial=(parse(body.serial) or body.serial) if body.serial else None,
        gate_id=body.gate_id,
        event_id=body.event_id,
        bodies=body.bodies,
        clock_offset_ms=body.clock_offset_ms,
        recheck=body.recheck,
        staff_number=body.staff_number,
    )


def _told(judged: Judged, look: bool = False) -> Answer:
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
            "admitted": judged.verdict in POSITIVE and not look,
            **judged.said,
            "occupancy": judged.occupancy,
            "moved": judged.moved,
            "stops": judged.stops,
            "look": look,
        },
        headers={"X-Dedup-Tier": judged.tier},
    )


@api.call("POST", "/scans/<uuid:scan_id>/reversals", allow="scan.decide", body=ReasonIn, answers={201: None})
def reverse(scan_id: UUID, body: ReasonIn) -> Answer:
    """Take back an admission, with a reason; a phone needs a supervisor's PIN for it, and takes back only its own."""
    with because(body.reason):
        scan, by = _to_decide(scan_id, body)
        fact = undo(scan, body.reason, by)
    return Json({"id": str(fact.id), "scan_id": str(scan_id), "at": _moment(fact.effective_at)}, 201)


@api.call("POST", "/scans/<uuid:scan_id>/overrides", allow="scan.decide", body=OverrideIn, answers={201: None})
def override(scan_id: UUID, body: OverrideIn) -> Answer:
    """Let in after a refusal, with a reason; a phone needs a supervisor's PIN for it, and lets in only its own."""
    with because(body.reason):
        scan, by = _to_decide(scan_id, body)
        fact = let_in(scan, body.reason, body.bodies, by)
    return Json({"id": str(fact.id), "scan_id": str(scan_id), "at": _moment(fact.effective_at)}, 201)


def _to_decide(scan_id: UUID, body: ReasonIn) -> tuple[Scan, str | None]:
    """Return a scan, and who decides about it if it is not who asks; a phone is opened before it learns anything."""
    if identity().device_id is None:
        return rows(Scan).get(scan_id), None
    device = device_of(identity().device_id)
    member = opened_by(device, body.staff_number, body.pin)
    scan = children(device, Scan).filter(Scan.event_id == device.event_id).get(scan_id)
    return scan, f"{member.name} on {device.name}"


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
            "rehearsal": event.rehearsal,
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
