"""`process_scan`: a list of scans in, verdicts out, in the caller's transaction and in few statements for any length.

Signatures (before any query) → repeats and duplicates inside the list → one read → verdicts → one write. Nothing is
committed here; a list that another transaction overtook raises `Overtaken`, and the caller begins again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from voelgoed.scanning import capacity, keys
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.found import Found, read
from voelgoed.scanning.judge import Case, decide, place
from voelgoed.scanning.record import write
from voelgoed.ticketing import code as codes


def process_scan(asked: Sequence[Asked]) -> list[Judged]:
    """Judge a list as one unit; answers stand in the order of the questions. Raises Overtaken."""
    cases = _open(asked)
    ids = [case.read.content.ticket_id for case in cases if case.read is not None]
    shared = [case.read.content.ticket_id for case in cases if case.read and case.read.content.bodies > 1]
    found = read(asked, ids, shared)
    answers: dict[int, Judged] = {}
    fresh: list[tuple[int, Case]] = []
    for index, case in enumerate(cases):
        known = _known(case, found, [one for _, one in fresh])
        if known is not None:
            answers[index] = known
        else:
            place(case, found)
            fresh.append((index, case))
    full = capacity.full_zones([case for _, case in fresh], found)
    for index, case in fresh:
        decide(case, found, full.is_full(case))
        full.note(case)
        answers[index] = case.judged()
    write([case for _, case in fresh], found)
    return [answers[index] for index in range(len(cases))]


def _open(asked: Sequence[Asked]) -> list[Case]:
    """Take the codes apart and check their signatures, before the database is asked anything about tickets."""
    apart = [codes.read(one.code) if one.code else None for one in asked]
    public = keys.public_keys(one.content.key_number for one in apart if one is not None)
    cases = []
    for one, taken in zip(asked, apart, strict=True):
        bare: dict[str, Any] = {"readable": bool(one.serial) or taken is not None, "key_known": True, "genuine": True}
        if taken is not None:
            key = public.get(taken.content.key_number)
            bare |= {"key_known": key is not None, "genuine": key is not None and taken.genuine(key)}
        trusted = taken if bare["genuine"] else None
        cases.append(Case(one, trusted, bare))
    return cases


def _known(case: Case, found: Found, before: list[Case]) -> Judged | None:
    """Return the answer that needs no judging: a refused token, the same scan again, a sequence used twice."""
    asked = case.asked
    device = found.devices.get(asked.token_hash.hex())
    if device is None:
        return Judged(asked.scan_id, refusal="unauthorized")
    if device["retired"] or device["lost"]:
        return Judged(asked.scan_id, refusal="device_revoked", wipe="all" if device["lost"] else "bundle")
    case.device = device
    for stored in found.repeats:
        if answer := _repeat(asked, device["id"], stored):
            return answer
    for other in before:
        same = other.asked.scan_id == asked.scan_id
        if same or (other.device["id"] == device["id"] and other.asked.sequence == asked.sequence):
            return Judged(asked.scan_id, refusal="sequence_conflict")
    return None


def _repeat(asked: Asked, device_id: str, stored: dict[str, Any]) -> Judged | None:
    """Compare with a stored scan: the same gives the first answer again, anything else under its name is refused."""
    same_scan = stored["id"] == str(asked.scan_id)
    same_place = stored["device_id"] == device_id and stored["sequence"] == asked.sequence
    if not same_scan and not same_place:
        return None
    if same_scan and same_place and stored["body_hash"] == asked.body_hash:
        return Judged(UUID(stored["id"]), stored["verdict"], stored["answer"], repeated=True, tier=stored["tier"])
    return Judged(asked.scan_id, refusal="sequence_conflict")
