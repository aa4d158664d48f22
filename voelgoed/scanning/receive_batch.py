"""Taking a batch in: who sends it, stored durably once under its key, the job asked for with the same commit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import Actor, children, current_scope
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web.identity import Bearer
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning.batch import BatchDecision, ScanBatch
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import revoked

LATE = timedelta(hours=72)
"""How long a phone out of service may still hand in what it recorded, for a person to look at."""
TASK = "voelgoed.scanning.offline_sync.judge_batch"


def sender(token: Bearer) -> Device:
    """Return the device of a token, for 72 hours also one out of service, and let it act from here on.

    Raises Problem 401 `unauthorized` or `device_revoked`.
    """
    found = (
        select(Device)
        .join(Organization, Organization.id == Device.organization_id)
        .where(Device.token_hash == token.secret_hash, Organization.suspended_at.is_(None))
    )
    device = db.session.scalars(found).first()
    if device is None:
        raise Problem(401, "unauthorized", "That token opens nothing", headers={"WWW-Authenticate": "Bearer"})
    if device.retired_at is not None and now() - device.retired_at > LATE:
        raise revoked("all" if device.lost_at is not None else "bundle")
    current_scope().actor = Actor("device", device.id, device.name)
    announce_again()
    return device


def receive(device: Device, key: UUID, scans: Sequence[Any], heard: bool = True) -> ScanBatch:
    """Store a batch and ask for its judging; the same key again returns the first.

    What a phone out of service sends waits in quarantine; `heard` says that the phone itself sent it. Raises Problem
    409 `batch_conflict` for other scans under the same key.
    """
    said = hashlib.sha256(json.dumps(scans, sort_keys=True).encode()).hexdigest()
    batch = _find(device, key) or _store(device, key, list(scans), said)
    if batch.body_hash != said:
        raise Problem(409, "batch_conflict", "That batch was sent before, and said something else",
                      "The first one stands. Send these scans under a key of their own.")  # fmt: skip
    if heard:
        device.last_heard_at = now()
    return batch


def _find(device: Device, key: UUID) -> ScanBatch | None:
    return children(device, ScanBatch).filter(ScanBatch.batch_key == key).one_or_none()


def _store(device: Device, key: UUID, scans: list[Any], said: str) -> ScanBatch:
    batch = ScanBatch(
        device_id=device.id, event_id=device.event_id, batch_key=key, body_hash=said, total=len(scans),
        state="queued" if device.retired_at is None else "quarantined", results=[],
    )  # fmt: skip
    batch.scans = scans
    try:
        with db.session.begin_nested():
            db.session.add(batch)
    except IntegrityError:  # the same batch came twice at the same moment; the other is committed by now
        return children(device, ScanBatch).filter(ScanBatch.batch_key == key).one()
    point("batch.stored")
    if batch.state == "queued":
        enqueue("offline_sync", TASK, about=batch.id, batch_id=batch.id)
    return batch


def decide(batch: ScanBatch, accepted: bool, reason: str) -> None:
    """Let a batch in quarantine count, or refuse it; raises Problem 409 `already_decided`."""
    held = select(ScanBatch).where(ScanBatch.id == batch.id).with_for_update()
    batch = db.session.scalars(held.execution_options(populate_existing=True)).one()
    if batch.state != "quarantined":
        raise Problem(409, "already_decided", "Somebody decided already", "Nothing was changed.")
    db.session.add(
        BatchDecision(batch_id=batch.id, accepted=accepted, reason=reason, actor=current_scope().actor.label)
    )
    if accepted:
        batch.state = "queued"
        enqueue("offline_sync", TASK, about=batch.id, batch_id=batch.id)
    else:
        batch.state, batch.finished_at, batch.scans_sealed = "refused", now(), None
    db.session.flush()
