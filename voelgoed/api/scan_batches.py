"""Batches of scans that were made without network: taken in at once, judged by a job, asked after."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select

from voelgoed.api.scan_shapes import Strict
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import SELF, Answer, Api, Json, Problem, identity
from voelgoed.foundation.web.identity import bearer
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.pair import device_of
from voelgoed.scanning.receive_batch import receive, sender
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.verdict import POSITIVE

api = Api("scan_batches", __name__)
MOST_SCANS = 10_000
MOST_BYTES = 8_000_000


class BatchIn(Strict):
    """A batch under the phone's own key; each scan is checked by itself, when it is judged."""

    odd_text: ClassVar[bool] = True
    batch_id: UUID
    scans: list[Any] = Field(max_length=MOST_SCANS)


@api.call("POST", "/scan-batches", allow=SELF, body=BatchIn, answers={202: None}, most_bytes=MOST_BYTES)
def send(body: BatchIn) -> Answer:
    """Store a batch durably and answer; a phone out of service is heard for 72 hours, for a person to decide."""
    batch = receive(sender(bearer()), body.batch_id, body.scans)
    return Json({"batch_id": str(batch.batch_key), "status": _status(batch)}, 202)


@api.call("GET", "/scan-batches/<uuid:batch_key>", allow="scan", answers={200: None})
def show(batch_key: UUID) -> Answer:
    """Say how far a batch is, and what became of each scan."""
    device = device_of(identity().device_id)
    batch = children(device, ScanBatch).filter(ScanBatch.batch_key == batch_key).first()
    if batch is None:
        raise Problem(404, "not_found", detail="This phone sent no such batch.")
    return Json({
        "batch_id": str(batch.batch_key), "status": _status(batch), **_counted(batch.results),
        "conflicts": _conflicts(batch), "results": batch.results,
    })  # fmt: skip


def _status(batch: ScanBatch) -> str:
    return "running" if batch.state == "queued" and batch.judged else batch.state


def _counted(results: list[dict[str, Any]]) -> dict[str, int]:
    """Count: accepted let somebody in or out, duplicates were answered before, rejected were not recorded."""
    kinds = Counter(
        "rejected" if "rejected" in one else "duplicates" if one["repeated"]
        else "accepted" if "deed" in one or one["verdict"] in POSITIVE else "refused"
        for one in results
    )  # fmt: skip
    return {name: kinds[name] for name in ("accepted", "refused", "duplicates", "rejected")}


def _conflicts(batch: ScanBatch) -> int:
    statement = (
        select(func.count())
        .select_from(Conflict)
        .join(Scan, Scan.id == Conflict.scan_id)
        .where(Scan.batch_id == batch.id, Conflict.dissolved.is_(False))
    )
    return db.session.scalar(statement) or 0
