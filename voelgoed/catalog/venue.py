"""A place: its zones, and the gates between them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Invariant, Resource, integer, key_of, refers, related, text

FOLDER = Path(__file__).parent
ZONE_CAPACITY = Invariant(
    "zone_capacity", "what can be sold for a day fits the zones that it opens", FOLDER / "zone_capacity.sql"
)
ZONE_TREE = Invariant("zone_tree", "no zone lies inside itself", FOLDER / "zone_tree.sql")


class Venue(Resource, archivable=True, unique_where={("name_key",): "archived_at IS NULL"}):
    """A place with an address and a time zone of its own."""

    name: Mapped[str] = text(120)
    name_key: Mapped[str] = key_of("name")
    address: Mapped[str | None] = text(400, nullable=True)
    timezone: Mapped[str] = text(60, default="Africa/Johannesburg")


class Zone(
    Resource,
    archivable=True,
    unique_where={("venue_id", "name_key"): "archived_at IS NULL"},
    checks={"capacity_is_people": "capacity >= 0", "parent_is_another": "parent_id <> id"},
    invariants=(ZONE_CAPACITY, ZONE_TREE),
):
    """An area with a certified number of bodies; zones form a tree, and outside is no zone."""

    venue_id: Mapped[UUID] = refers("venue")
    parent_id: Mapped[UUID | None] = refers("zone", nullable=True)
    name: Mapped[str] = text(120)
    name_key: Mapped[str] = key_of("name")
    capacity: Mapped[int] = integer()
    venue: Mapped[Venue] = related("venue_id", "Venue")
    parent: Mapped[Zone | None] = related("parent_id", "Zone")


class Gate(
    Resource,
    archivable=True,
    unique_where={("venue_id", "name_key"): "archived_at IS NULL"},
    checks={"leads_somewhere": "into_id IS NOT NULL AND into_id IS DISTINCT FROM from_id"},
):
    """A way from one zone (or from outside: none) into another."""

    venue_id: Mapped[UUID] = refers("venue")
    from_id: Mapped[UUID | None] = refers("zone", nullable=True)
    into_id: Mapped[UUID] = refers("zone")
    name: Mapped[str] = text(120)
    name_key: Mapped[str] = key_of("name")
    venue: Mapped[Venue] = related("venue_id", "Venue")
    origin: Mapped[Zone | None] = related("from_id", "Zone")
    into: Mapped[Zone] = related("into_id", "Zone")
