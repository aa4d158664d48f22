"""How full each zone is, as phones hear it with each heartbeat: what they judge by once they are without network."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.occupancy.figure import bodies_of, day_of


def last_known(event: Event) -> dict[str, Any] | None:
    """Return the bodies in each zone on the day that is on, those in zones inside it included; None without a day."""
    day, at = day_of(event), now()
    if day is None:
        return None
    query = select(Zone.id, Zone.parent_id, Zone.capacity).where(Zone.venue_id == event.venue_id)
    zones = db.session.execute(query.execution_options(include_archived=True)).all()
    parents: dict[UUID, UUID | None] = {one.id: one.parent_id for one in zones}
    bodies = bodies_of(day.id, parents)
    return {
        "day_id": str(day.id),
        "at": at.isoformat().replace("+00:00", "Z"),
        "zones": [{"id": str(one.id), "bodies": bodies.get(one.id, 0), "capacity": one.capacity} for one in zones],
    }
