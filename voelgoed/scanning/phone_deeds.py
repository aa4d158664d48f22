"""Takes in what supervisors did on phones without network, and lets it count once its scan is known."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because, rows
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.batch_scan import PLAIN, OfOurTime
from voelgoed.scanning.day_code import DayCode, proves
from voelgoed.scanning.decide import override, undo
from voelgoed.scanning.device import Device
from voelgoed.scanning.override import Override
from voelgoed.scanning.phone_deed import PhoneDeed
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.undo import Undo
from voelgoed.scanning.verdict import POSITIVE


class BatchDeed(BaseModel):
    """A deed as the phone sends it; `proof` is the HMAC of what it says under the day's code."""

    model_config = ConfigDict(extra="forbid")
    deed: Literal["override", "undo"]
    deed_id: UUID
    scan_id: UUID
    reason: str = Field(min_length=1, max_length=400, pattern=PLAIN)
    staff_number: str = Field(min_length=1, max_length=12, pattern=PLAIN)
    done_at: OfOurTime
    clock_offset_ms: int = Field(default=0, ge=-(2**31), le=2**31 - 1)
    bodies: int = Field(default=1, ge=1, le=200)
    code_id: UUID
    proof: str = Field(max_length=100, pattern=PLAIN)


def take(device: Device, batch_id: UUID, sent: BatchDeed) -> dict[str, Any]:
    """Store a deed once, whatever comes of it; returns what the phone is told."""
    code = rows(DayCode).filter(DayCode.id == sent.code_id).one_or_none()
    values = sent.model_dump(exclude={"deed_id", "proof"}) | {
        "id": sent.deed_id, "device_id": device.id, "batch_id": batch_id, "proven": _proven(code, device, sent),
        "event_id": code.event_id if code else device.event_id, "effective_at": _effective(device, sent),
    }  # fmt: skip
    once = insert(PhoneDeed).values(values).on_conflict_do_nothing().returning(PhoneDeed.id)
    fresh = db.session.scalar(once) is not None
    return {"scan_id": str(sent.deed_id), "deed": sent.deed, "verdict": sent.deed, "repeated": not fresh}


def _proven(code: DayCode | None, device: Device, sent: BatchDeed) -> bool:
    """Say whether a person who knew the code did this; at a turnstile there is none."""
    said = (sent.deed, str(sent.deed_id), str(sent.scan_id), sent.staff_number, str(sent.bodies), sent.reason)
    return code is not None and device.role != "turnstile" and proves(code, sent.proof, *said)


def _effective(device: Device, sent: BatchDeed) -> datetime:
    """Return the phone's moment, corrected, and held between its pairing and now."""
    now: datetime = db.session.scalars(select(func.clock_timestamp())).one()
    return min(max(sent.done_at - timedelta(milliseconds=sent.clock_offset_ms), device.created_at), now)


def let_count(device: Device) -> None:
    """Let a phone's deeds count whose scans are known by now, in the order in which they were done.

    A deed comes before its scan where two batches overtake each other, so every batch asks after them all.
    """
    for deed in _waiting(device):
        scan = scan_of(deed)
        if scan is not None:
            _do(deed, scan)


def _waiting(device: Device) -> Sequence[PhoneDeed]:
    done = exists().where(Override.id == PhoneDeed.id) | exists().where(Undo.id == PhoneDeed.id)
    waiting = select(PhoneDeed).where(PhoneDeed.device_id == device.id, PhoneDeed.proven, ~done)
    return db.session.scalars(waiting.order_by(PhoneDeed.effective_at, PhoneDeed.id)).all()


def scan_of(deed: PhoneDeed) -> Scan | None:
    """Return the phone's own scan, of the code's day, that a deed names.

    For an undo it is what the phone let in, if the server had refused and that answer was lost.
    """
    day = select(DayCode.day_id).where(DayCode.id == deed.code_id).scalar_subquery()
    named = select(Scan).where(Scan.device_id == deed.device_id, Scan.day_id == day)
    scan = db.session.scalars(named.where(Scan.id == deed.scan_id)).one_or_none()
    if scan is None or deed.deed != "undo" or scan.verdict in POSITIVE:
        return scan
    return db.session.scalars(named.where(Scan.id == uuid5(scan.id, "let in"))).one_or_none() or scan


def _do(deed: PhoneDeed, scan: Scan) -> None:
    """Do it, unless the record refuses it: then it stays a deed that did not count, for the review."""
    by = f"{deed.staff_number} by the day's code on {deed.device.name}"
    with suppress(Problem), because(deed.reason):
        if deed.deed == "undo":
            undo(scan, deed.reason, by, fact_id=deed.id, at=deed.effective_at)
        else:
            override(scan, deed.reason, deed.bodies, by, fact_id=deed.id, at=deed.effective_at)
