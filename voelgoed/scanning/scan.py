"""A scan: one attempt at one gate by one device, an immutable fact with the answer that was given."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.dedup import dedup_checkable
from voelgoed.foundation.resource import (
    Resource,
    big,
    choice,
    flag,
    identifier,
    integer,
    json_value,
    moment,
    refers,
    small,
    text,
    written_in,
)
from voelgoed.scanning.verdict import VERDICTS


@dedup_checkable(key="code", window=300)
class Scan(
    Resource,
    append_only="each row names its device and time",
    unique=(("device_id", "sequence"),),
    indexes=(("ticket_id", "effective_at"), ("event_id", "created_at"), ("event_id", "written_in")),
):
    """What was asked, and what was answered; refused ones too, kept for ever.

    `code` is the SHA-256 of what was read, never the code. `effective_at` is the server's time for an online
    scan; for one out of a batch the phone's, corrected and clamped. Times are UTC.
    """

    device_id: Mapped[UUID] = refers("device")
    event_id: Mapped[UUID] = refers("event")
    gate_id: Mapped[UUID] = refers("gate", indexed=False)
    day_id: Mapped[UUID | None] = refers("day", nullable=True, indexed=False)
    ticket_id: Mapped[UUID | None] = refers("ticket", nullable=True)
    sequence: Mapped[int] = big()
    code: Mapped[str] = text(64)
    body_hash: Mapped[str] = text(64)
    direction: Mapped[str] = choice("in", "out")
    bodies: Mapped[int | None] = small(nullable=True)
    taken: Mapped[int] = small(default=0)
    verdict: Mapped[str] = choice(*VERDICTS)
    answer: Mapped[dict[str, Any]] = json_value(nullable=False)
    tier: Mapped[str] = choice("database", "memory", "cache", "phone", "none", default="database")
    offline: Mapped[bool] = flag(default=False)
    recheck: Mapped[bool] = flag(default=False)
    staff_number: Mapped[str | None] = text(12, nullable=True)
    scanned_at: Mapped[datetime] = moment()
    clock_offset_ms: Mapped[int] = integer(default=0)
    effective_at: Mapped[datetime] = moment()
    batch_id: Mapped[UUID | None] = identifier()
    written_in: Mapped[int] = written_in()
