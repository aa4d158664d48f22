"""What a phone asks, and what it is told: plain values, between the API and the judges."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal
from uuid import UUID


@dataclass(frozen=True)
class Asked:
    """One scan as it came: the SHA-256 of the token, the phone's own id and sequence, a code or a serial.

    `clock_offset_ms` is the phone's clock minus the server's at their last contact, at `contact_at`; `batch_id` is set
    for a scan that was made offline and came in a batch, `offline_verdict` is what the phone then said. A batch without
    verdicts is judged as it comes. `event_id` is where the phone stood; it
    counts if it did. `released`: its phone is out of service, and a person let its scans count.
    """

    token_hash: bytes
    scan_id: UUID
    sequence: int
    direction: Literal["in", "out"]
    scanned_at: datetime
    code: str = ""
    serial: str | None = None
    gate_id: UUID | None = None
    event_id: UUID | None = None
    bodies: int | None = None
    clock_offset_ms: int = 0
    recheck: bool = False
    staff_number: str | None = None
    batch_id: UUID | None = None
    offline_verdict: str | None = None
    contact_at: datetime | None = None
    released: bool = False

    @cached_property
    def code_hash(self) -> str:
        """Return what is stored of the code: its SHA-256."""
        return hashlib.sha256((self.code.strip().upper() or self.serial or "").encode()).hexdigest()

    @cached_property
    def body_hash(self) -> str:
        """Return the hash that tells whether the same scan says the same thing again."""
        said = [
            str(self.scan_id), self.sequence, self.direction, self.scanned_at.isoformat(), self.code_hash,
            str(self.gate_id or ""), self.bodies, self.recheck, self.staff_number,
            *([str(self.event_id)] if self.event_id else []),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def repeats(self, other: Asked) -> bool:
        """Say whether this is another scan sent once more."""
        return self.token_hash == other.token_hash and self.body_hash == other.body_hash


@dataclass(frozen=True)
class Judged:
    """The answer to one scan. `refusal` stands instead of a verdict: unauthorized, device_revoked, sequence_conflict.

    `said` has verdict, message, ticket and previous, as stored; the occupancy is today's and not part of it.
    `moved`: the phone stands elsewhere by now.
    """

    scan_id: UUID
    verdict: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    refusal: str | None = None
    repeated: bool = False
    tier: str = "database"
    event_id: UUID | None = None
    day_id: UUID | None = None
    zone_id: UUID | None = None
    wipe: str | None = None
    moved: bool = False
    occupancy: dict[str, int] | None = None
    stops: dict[str, Any] | None = None
    """Where entry is stopped, as it is today; like the occupancy no part of what was said."""
