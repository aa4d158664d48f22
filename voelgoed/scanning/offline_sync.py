"""The job `offline_sync`: judges a stored batch chunk by chunk, each all or nothing, and goes on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError
from sqlalchemy import cast, null, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import Claim, self_committing
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web.form import messages_of
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.batch_scan import BatchScan
from voelgoed.scanning.desk import judge_now
from voelgoed.scanning.device import Device
from voelgoed.scanning.phone_deeds import BatchDeed, let_count, take
from voelgoed.scanning.verdict import POSITIVE
from voelgoed.ticketing.serial import parse

CHUNK = 500
BUSY_SECONDS = 1.0
Result = dict[str, Any]


@dataclass(frozen=True)
class Chunk:
    """A part of a batch: the scans and deeds that could be read, by position, and what could not."""

    asked: dict[int, Asked]
    deeds: dict[int, BatchDeed]
    rejected: dict[int, Result]


@self_committing
def judge_batch(claim: Claim) -> None:
    """Judge what is left of a batch; the last chunk finishes the job with the same commit."""
    batch_id = UUID(str(claim.payload["batch_id"]))
    batch = rows(ScanBatch).get(batch_id)
    if batch.state != "queued":
        claim.finish()
        commit()
        return
    sent, begun = batch.scans, batch.judged
    device = rows(Device).get(batch.device_id)
    for start in range(begun, max(len(sent), 1), CHUNK):
        part = _read(sent[start : start + CHUNK], batch_id, device.token_hash, device.retired_at is not None)
        try:
            results = _judge(part, batch)
        except (Problem, OperationalError):  # others were faster, again and again: let them through
            rollback()
            claim.postpone(BUSY_SECONDS, "the gate is busy")
            commit()
            return
        _keep(claim, batch_id, start, results, len(sent))


def _read(sent: Sequence[Any], batch_id: UUID, token_hash: bytes, released: bool) -> Chunk:
    """Check each scan by itself: one that is malformed is rejected alone."""
    asked: dict[int, Asked] = {}
    deeds: dict[int, BatchDeed] = {}
    rejected: dict[int, Result] = {}
    for place, one in enumerate(sent):
        try:
            if isinstance(one, dict) and "deed" in one:
                deeds[place] = BatchDeed.model_validate(one)
                continue
            said = BatchScan.model_validate(one)
        except ValidationError as error:
            rejected[place] = _malformed(one, error)
            continue
        asked[place] = Asked(
            token_hash=token_hash, scan_id=said.scan_id, sequence=said.sequence, direction=said.direction,
            scanned_at=said.scanned_at, code=said.code or "",
            serial=(parse(said.serial) or said.serial) if said.serial else None, gate_id=said.gate_id,
            event_id=said.event_id, bodies=said.bodies, clock_offset_ms=said.clock_offset_ms, recheck=said.recheck,
            staff_number=said.staff_number, batch_id=batch_id, offline_verdict=said.offline_verdict, released=released,
        )  # fmt: skip
    return Chunk(asked, deeds, rejected)


def _malformed(one: Any, error: ValidationError) -> Result:
    """Say what was wrong with a scan, in words that the database can keep."""
    scan_id = one.get("deed_id" if "deed" in one else "scan_id") if isinstance(one, dict) else None
    return {
        "scan_id": _storable(str(scan_id))[:40] if scan_id else None, "rejected": "malformed",
        "errors": {_storable(name)[:40]: said for name, said in messages_of(error).items()},
    }  # fmt: skip


def _storable(said: str) -> str:
    return said.replace("\0", "").encode(errors="replace").decode()


def _judge(part: Chunk, batch: ScanBatch) -> list[Result]:
    """Judge a chunk as one list, then take its deeds; results stand in the order of the scans.

    Judging begins anew where others were faster, so it comes first: what is written before it would be lost.
    """
    places = sorted(part.asked)
    results = dict(part.rejected)
    for place, judged in zip(places, _answers([part.asked[place] for place in places]), strict=True):
        results[place] = _result(judged)
    device = rows(Device).get(batch.device_id)
    for place, deed in part.deeds.items():
        results[place] = take(device, batch.id, deed)
    let_count(device)
    return [results[place] for place in sorted(results)]


def _answers(asked: Sequence[Asked]) -> list[Judged]:
    """Judge a list as one; what breaks a rule of the database is found first, and left out."""
    if not asked:
        return []
    try:
        return _judged(asked)
    except (DataError, IntegrityError):
        rollback()
    bad = _poison(asked)
    good = [one for one in asked if one.scan_id not in bad]
    answers = {one.scan_id: said for one, said in zip(good, _judged(good), strict=True)}
    return [answers.get(one.scan_id) or Judged(one.scan_id, refusal="unreadable") for one in asked]


def _judged(asked: Sequence[Asked]) -> list[Judged]:
    """Judge a list, then what phones let in although the server had refused: that answer was lost on its way.

    Such a scan stands as it was answered first; what the phone did is a fact of its own beside it, under a name and a
    number that follow from the scan's, so that it contradicts instead of getting lost. Who left was never refused.
    """
    if not asked:
        return []
    answers = judge_now(asked)
    own = [
        replace(one, scan_id=uuid5(one.scan_id, "let in"), sequence=-1 - one.sequence)
        for one, said in zip(asked, answers, strict=True)
        if one.direction == "in" and said.repeated and said.verdict not in POSITIVE and one.offline_verdict in POSITIVE
    ]
    if own:
        judge_now(own)
    return answers


def _poison(asked: Sequence[Asked]) -> set[UUID]:
    """Return which scans cannot be stored; nothing is kept of the tries."""
    try:
        judge_now(asked)
    except (DataError, IntegrityError):
        rollback()
        if len(asked) == 1:
            return {asked[0].scan_id}
        middle = len(asked) // 2
        return _poison(asked[:middle]) | _poison(asked[middle:])
    rollback()
    return set()


def _result(judged: Judged) -> Result:
    if judged.refusal is not None:
        return {"scan_id": str(judged.scan_id), "rejected": judged.refusal}
    return {"scan_id": str(judged.scan_id), "verdict": judged.verdict, "repeated": judged.repeated}


def _keep(claim: Claim, batch_id: UUID, start: int, results: list[Result], total: int) -> None:
    """Commit a chunk with its answers; raises LostLease when another job has taken over."""
    judged = start + len(results)
    values: dict[str, Any] = {"judged": judged, "results": ScanBatch.results.op("||")(cast(results, JSONB))}
    if judged == total:
        values |= {"state": "done", "finished_at": now(), "scans_sealed": null()}
        claim.finish()
    else:
        claim.renew()
    mine = update(ScanBatch).where(ScanBatch.id == batch_id, ScanBatch.judged == start)
    db.session.execute(mine.values(values).execution_options(synchronize_session=False))
    point("batch.chunk")
    commit()
