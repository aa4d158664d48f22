"""A paired scanner phone or turnstile: its own token, event, gate and strictly rising sequence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.resource import Resource, binary, choice, flag, integer, moment, refers, related, text

ROLES = ("steward", "supervisor", "turnstile")
"""Who stands behind a device: a steward, a supervisor who may do more with a PIN, or no person at all."""


class Device(
    Resource,
    exclude=(
        "token_hash",
        "last_heard_at",
        "unsent",
        "battery",
        "app_version",
        "bundle_version",
        "bundle_made_at",
        "clock_offset_ms",
        "address",
        "stops_known",
    ),
    unique=(("token_hash",),),
):
    """A phone at a gate; retired (it uploaded and went) or lost, never deleted, since scans name it.

    A spare is paired and waits; `retiring_at` is when it was asked to hand in and go. `address` is the one under which
    it was heard last: what it keeps belongs to that address alone. It judges by `bundle_version` without network.
    """

    event_id: Mapped[UUID] = refers("event")
    gate_id: Mapped[UUID] = refers("gate")
    name: Mapped[str] = text(80)
    role: Mapped[str] = choice(*ROLES, default="steward")
    spare: Mapped[bool] = flag()
    token_hash: Mapped[bytes] = binary(nullable=False)
    last_heard_at: Mapped[datetime | None] = moment(nullable=True)
    unsent: Mapped[int] = integer(default=0)
    battery: Mapped[int | None] = integer(nullable=True)
    app_version: Mapped[str | None] = text(40, nullable=True)
    clock_offset_ms: Mapped[int] = integer(default=0)
    bundle_version: Mapped[str | None] = text(200, nullable=True)
    bundle_made_at: Mapped[datetime | None] = moment(nullable=True)
    address: Mapped[str | None] = text(400, nullable=True)
    retiring_at: Mapped[datetime | None] = moment(nullable=True)
    stops_known: Mapped[int] = integer(default=0)
    retired_at: Mapped[datetime | None] = moment(nullable=True)
    lost_at: Mapped[datetime | None] = moment(nullable=True)
    event: Mapped[Event] = related("event_id", "Event")
    gate: Mapped[Gate] = related("gate_id", "Gate")
