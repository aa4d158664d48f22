"""A supervisor's deed on a phone without network: what was done, by whom, under which day's code; to be reviewed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import (
    Resource,
    choice,
    flag,
    identifier,
    integer,
    moment,
    refers,
    related,
    small,
    text,
)
from voelgoed.scanning.device import Device


class PhoneDeed(
    Resource,
    append_only="what a supervisor did on which phone without network, when and why",
    indexes=(("device_id", "scan_id"), ("event_id", "created_at")),
):
    """An override or undo that came in a batch; it counts once its scan is known, if the day's code `proven` it.

    What it does is a row of Override or Undo with the same id. `scan_id` may come later than the deed itself.
    """

    event_id: Mapped[UUID] = refers("event", indexed=False)
    device_id: Mapped[UUID] = refers("device", indexed=False)
    scan_id: Mapped[UUID] = identifier(nullable=False)
    deed: Mapped[str] = choice("override", "undo")
    bodies: Mapped[int] = small(default=1)
    reason: Mapped[str] = text(400)
    staff_number: Mapped[str] = text(12)
    code_id: Mapped[UUID] = identifier(nullable=False)
    proven: Mapped[bool] = flag()
    done_at: Mapped[datetime] = moment()
    clock_offset_ms: Mapped[int] = integer(default=0)
    effective_at: Mapped[datetime] = moment()
    batch_id: Mapped[UUID | None] = identifier()
    device: Mapped[Device] = related("device_id", "Device")


class PhoneDeedReview(
    Resource, append_only="a deed is reviewed once, by a person, with a reason", unique=(("deed_id",),)
):
    """Somebody looked at it."""

    deed_id: Mapped[UUID] = refers("phone_deed")
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
