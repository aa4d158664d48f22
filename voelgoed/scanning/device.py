"""A paired scanner phone or turnstile: its own token, event, gate and strictly rising sequence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.resource import Resource, big, binary, integer, moment, refers, related, text


class Device(
    Resource,
    exclude=("token_hash", "last_heard_at", "unsent", "battery", "app_version", "clock_offset_ms", "last_sequence"),
    unique=(("token_hash",),),
):
    """A phone at a gate; retired (it uploaded and went) or lost, never deleted, since scans name it."""

    event_id: Mapped[UUID] = refers("event")
    gate_id: Mapped[UUID] = refers("gate")
    name: Mapped[str] = text(80)
    token_hash: Mapped[bytes] = binary(nullable=False)
    last_heard_at: Mapped[datetime | None] = moment(nullable=True)
    unsent: Mapped[int] = integer(default=0)
    battery: Mapped[int | None] = integer(nullable=True)
    app_version: Mapped[str | None] = text(40, nullable=True)
    clock_offset_ms: Mapped[int] = integer(default=0)
    last_sequence: Mapped[int] = big(default=0)
    retired_at: Mapped[datetime | None] = moment(nullable=True)
    lost_at: Mapped[datetime | None] = moment(nullable=True)
    event: Mapped[Event] = related("event_id", "Event")
    gate: Mapped[Gate] = related("gate_id", "Gate")
