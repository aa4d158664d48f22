"""A batch of scans that a phone made without network: stored as it came, judged by a job."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import (
    Resource,
    Sealed,
    binary,
    choice,
    flag,
    identifier,
    integer,
    json_value,
    moment,
    refers,
    related,
    text,
)
from voelgoed.scanning.device import Device


class ScanBatch(
    Resource,
    exclude=("scans_sealed", "body_hash", "judged", "results"),
    unique=(("device_id", "batch_key"),),
    indexes=(("event_id", "created_at"),),
):
    """What came under the phone's own `batch_key`; `judged` says how far the job is.

    The scans hold codes, so they lie sealed, and only until they are judged. `results` has, by position, the scan's id
    and its verdict, or what was wrong with it. A batch of a phone out of service waits in quarantine for a person.
    """

    device_id: Mapped[UUID] = refers("device")
    event_id: Mapped[UUID] = refers("event")
    batch_key: Mapped[UUID] = identifier(nullable=False)
    body_hash: Mapped[str] = text(64)
    total: Mapped[int] = integer()
    state: Mapped[str] = choice("queued", "quarantined", "refused", "done")
    judged: Mapped[int] = integer(default=0)
    results: Mapped[list[dict[str, Any]]] = json_value(nullable=False)
    scans_sealed: Mapped[bytes | None] = binary(nullable=True)
    finished_at: Mapped[datetime | None] = moment(nullable=True)
    device: Mapped[Device] = related("device_id", "Device")
    sealed = Sealed("scans_sealed")

    @property
    def scans(self) -> list[Any]:
        """Return the scans as the phone sent them; none any more once they are judged."""
        kept = self.sealed
        return list(json.loads(zlib.decompress(kept))) if kept else []

    @scans.setter
    def scans(self, sent: list[Any]) -> None:
        """Seal what the phone sent."""
        self.sealed = zlib.compress(json.dumps(sent).encode())


class BatchDecision(Resource, append_only="a batch in quarantine is decided once", unique=(("batch_id",),)):
    """A person let the scans of a phone out of service count, or refused them, with a reason."""

    batch_id: Mapped[UUID] = refers("scan_batch")
    accepted: Mapped[bool] = flag()
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
