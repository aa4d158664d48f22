"""Minute counters: who came and went through each gate; the counter is also the history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, choice, integer, moment, refers

DIRECTIONS = ("in", "out", "moved_in", "moved_out", "ended", "forced", "unexplained", "cleared")
INWARD, OUTWARD = ("in", "moved_in"), ("out", "moved_out", "ended")


class MinuteCount(
    Resource,
    unaudited="derived: recounted from admissions and overrides",
    unique=(("day_id", "gate_id", "zone_id", "direction", "minute"),),
):
    """Bodies and tickets in one direction, through one gate, of one zone, in one minute of one day.

    `tickets` counts a ticket's first body into the zone and its last out of it, `holders` the same for the
    whole day. `cleared` are bodies, forced in less unexplained exits, that an emptied zone took away (below zero where
    more had left). `corrections` rises with every change of a past minute, so that the sum of all four is monotone.
    """

    event_id: Mapped[UUID] = refers("event")
    day_id: Mapped[UUID] = refers("day")
    gate_id: Mapped[UUID] = refers("gate")
    zone_id: Mapped[UUID] = refers("zone")
    direction: Mapped[str] = choice(*DIRECTIONS)
    minute: Mapped[datetime] = moment()
    bodies: Mapped[int] = integer(default=0)
    tickets: Mapped[int] = integer(default=0)
    holders: Mapped[int] = integer(default=0)
    corrections: Mapped[int] = integer(default=0)
