"""`process_scan`: a list of scans in, verdicts out, in the caller's transaction and in few statements for any length.

Signatures (before any query) → the fast tiers of deduplication → one read → verdicts → one write. Nothing is committed
here; a list that another transaction overtook raises `Overtaken`, and the caller begins again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from voelgoed.foundation.workflow import Workflow
from voelgoed.scanning import capacity, keys, tiers
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.case import Case, place, stood
from voelgoed.scanning.found import Found, read
from voelgoed.scanning.judge import decide
from voelgoed.scanning.record import write
from voelgoed.ticketing import code as codes


@dataclass(frozen=True)
class Scans:
    """The list that is judged as one unit."""

    asked: Sequence[Asked]


@dataclass(frozen=True)
class Verdicts:
    """Answers by position, and the cases that were judged anew and are still to be written."""

    answers: dict[int, Judged]
    fresh: list[Case]


gate = Workflow("process_scan", inputs=Scans, journal=False)


def process_scan(asked: Sequence[Asked]) -> list[Judged]:
    """Judge a list as one unit; answers stand in the order of the questions. Raises Overtaken."""
    answers = gate.here(Scans(asked))["verdicts"].answers
    return [answers[index] for index in range(len(asked))]


@gate.step
def signatures(asked: Sequence[Asked]) -> list[Case]:
    """Take the codes apart and check their signatures, before the database is asked anything about tickets."""
    apart = [codes.read(one.code) if one.code else None for one in asked]
    public = keys.public_keys(one.content.key_number for one in apart if one is not None)
    cases = []
    for one, taken in zip(asked, apart, strict=True):
        bare: dict[str, Any] = {"readable": bool(one.serial) or taken is not None, "key_known": True, "genuine": True}
        if taken is not None:
            key = public.get(taken.content.key_number)
            bare |= {"key_known": key is not None, "genuine": key is not None and taken.genuine(key)}
        cases.append(Case(one, taken if bare["genuine"] else None, bare))
    return cases


@gate.step
def duplicates(signatures: list[Case]) -> None:
    """Ask memory and cache who was let in just now; they may only say so, never admit."""
    tiers.look(signatures)


@gate.step(after=[duplicates])
def found(asked: Sequence[Asked], signatures: list[Case]) -> Found:
    """Read devices, earlier answers and tickets in one statement; tickets for several bodies are locked first."""
    wanted = [case.read.content for case in signatures if case.read is not None]
    return read(asked, [one.ticket_id for one in wanted], [one.ticket_id for one in wanted if one.bodies > 1])


@gate.step
def verdicts(signatures: list[Case], found: Found) -> Verdicts:
    """Judge scan after scan, each against what those before it have changed."""
    answers: dict[int, Judged] = {}
    fresh: list[tuple[int, Case]] = []
    again: dict[int, int] = {}
    taken = Taken()
    for index, case in enumerate(signatures):
        known = _known(case, found, taken)
        twin = _twin(case, fresh) if known is not None and known.refusal == "sequence_conflict" else None
        if twin is not None:
            again[index] = twin
        elif known is not None:
            answers[index] = _today(known, case, found) if known.repeated else known
        else:
            place(case, found, index)
            fresh.append((index, case))
            taken.note(case)
    full = capacity.full_zones([case for _, case in fresh], found)
    for index, case in fresh:
        decide(case, found, full.is_full(case))
        full.note(case)
        answers[index] = replace(case.judged(capacity.shown(case, found)), stops=case.stops(found).said())
    answers |= {index: replace(answers[twin], repeated=True) for index, twin in again.items()}
    return Verdicts(answers, [case for _, case in fresh])


@gate.step
def record(verdicts: Verdicts, found: Found) -> None:
    """Write facts, admissions, closings and counters in one statement; tell the fast tiers after the commit."""
    write(verdicts.fresh, found)
    capacity.confirm(found)
    tiers.tell(verdicts.fresh)


@dataclass
class Taken:
    """The names and numbers that scans earlier in the list have used."""

    scans: set[UUID] = field(default_factory=set)
    numbers: set[tuple[str, int]] = field(default_factory=set)

    def note(self, case: Case) -> None:
        """Take what a scan has used."""
        self.scans.add(case.asked.scan_id)
        self.numbers.add((case.device["id"], case.asked.sequence))

    def has(self, asked: Asked, device_id: str) -> bool:
        """Say whether a scan's name or its number is used."""
        return asked.scan_id in self.scans or (device_id, asked.sequence) in self.numbers


def _known(case: Case, found: Found, taken: Taken) -> Judged | None:
    """Return the answer that needs no judging: a refused token, the same scan again, a sequence used twice."""
    asked = case.asked
    device = found.devices.get(asked.token_hash.hex())
    if device is None:
        return Judged(asked.scan_id, refusal="unauthorized")
    if (device["retired"] or device["lost"]) and not asked.released:
        return Judged(asked.scan_id, refusal="device_revoked", wipe="all" if device["lost"] else "bundle")
    case.device = stood(device, asked)
    for stored in found.stored(asked, device["id"]):
        if answer := _repeat(asked, device["id"], stored):
            return answer
    return Judged(asked.scan_id, refusal="sequence_conflict") if taken.has(asked, device["id"]) else None


def _twin(case: Case, before: list[tuple[int, Case]]) -> int | None:
    """Return where in the list the same scan stands already: a phone that got no answer has sent it once more."""
    return next((index for index, one in before if case.asked.repeats(one.asked)), None)


def _today(known: Judged, case: Case, found: Found) -> Judged:
    """Give a first answer again beside the house as it is now."""
    place(case, found)
    return replace(known, occupancy=capacity.shown(case, found), stops=case.stops(found).said())


def _repeat(asked: Asked, device_id: str, stored: dict[str, Any]) -> Judged | None:
    """Compare with a stored scan: the same gives the first answer again, anything else under its name is refused."""
    same_scan = stored["id"] == str(asked.scan_id)
    same_place = stored["device_id"] == device_id and stored["sequence"] == asked.sequence
    if not same_scan and not same_place:
        return None
    if same_scan and same_place and stored["body_hash"] == asked.body_hash:
        return Judged(UUID(stored["id"]), stored["verdict"], stored["answer"], repeated=True, tier=stored["tier"])
    return Judged(asked.scan_id, refusal="sequence_conflict")
