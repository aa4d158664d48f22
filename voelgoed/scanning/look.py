"""Looking only: a scan is judged as it would be now, and nothing of it is recorded: no scan, no entry, no number."""

from __future__ import annotations

from dataclasses import replace

from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.web.identity import Bearer
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning import capacity
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.case import place, stood
from voelgoed.scanning.desk import TRIES, busy
from voelgoed.scanning.device import Device
from voelgoed.scanning.found import read
from voelgoed.scanning.judge import decide
from voelgoed.scanning.pair import device_of, identity_of
from voelgoed.scanning.process_scan import signatures
from voelgoed.scanning.record import Overtaken


def looking_device(token: Bearer) -> Device:
    """Return the phone that wants to look; raises Problem 401, or 403 `not_this_role`: only a supervisor's may."""
    found = identity_of(token)
    if found is None:
        raise Problem(401, "unauthorized", "That token opens nothing", headers={"WWW-Authenticate": "Bearer"})
    device = device_of(found.device_id)
    if device.role != "supervisor":
        raise Problem(403, "not_this_role", "This phone may not only look", "Pair it as a supervisor's phone.")
    return device


def look_at(device: Device, asked: Asked) -> Judged:
    """Say what a scan would be answered at this phone's gate; raises Problem 503 when the gate is busy."""
    asked = replace(asked, token_hash=device.token_hash, recheck=True)
    for _ in range(TRIES):
        try:
            return _look(asked)
        except Overtaken:
            rollback()
    raise busy()


def _look(asked: Asked) -> Judged:
    case = signatures([asked])[0]
    found = read([asked], [case.read.content.ticket_id] if case.read else [], [])
    case.device = stood(found.devices[asked.token_hash.hex()], asked)
    place(case, found)
    inside = len(case.ticket.record.open()) if case.ticket else 0
    decide(case, found, capacity.full_zones([case], found).is_full(case))
    case.taken = 0
    if case.said["ticket"]:
        case.said["ticket"]["inside"] = inside
    return replace(case.judged(capacity.shown(case, found)), stops=case.stops(found).said())
