"""An emptied zone: everybody went out of it, and may come in again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, json_value, moment, refers, text, written_in


class ZoneEmptied(
    Resource,
    append_only="who emptied which zone, when and why",
    indexes=(("day_id", "effective_at"), ("event_id", "written_in")),
):
    """All who were in the zone (none: in any) on that day have left; `zones` are it and those inside it, by id."""

    event_id: Mapped[UUID] = refers("event")
    day_id: Mapped[UUID] = refers("day", indexed=False)
    zone_id: Mapped[UUID | None] = refers("zone", nullable=True)
    zones: Mapped[list[str]] = json_value(nullable=False)
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    effective_at: Mapped[datetime] = moment()
    written_in: Mapped[int] = written_in()
