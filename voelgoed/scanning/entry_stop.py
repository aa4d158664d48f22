"""Stopped entry: where nobody is let in until somebody resumes, and what of it each phone knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.catalog.venue import Zone
from voelgoed.foundation.resource import Resource, moment, refers, related, text


class EntryStop(
    Resource,
    unique_where={
        ("event_id", "zone_id"): "resumed_at IS NULL",
        ("event_id",): "resumed_at IS NULL AND zone_id IS NULL",
    },
    checks={"resumed_by_somebody": "(resumed_at IS NULL) = (resumed_by IS NULL)"},
    grants="SELECT, INSERT, UPDATE",
):
    """Nobody is let into the zone (none: into any) since `stopped_at`, until `resumed_at`."""

    event_id: Mapped[UUID] = refers("event")
    zone_id: Mapped[UUID | None] = refers("zone", nullable=True)
    stopped_at: Mapped[datetime] = moment()
    stopped_by: Mapped[str] = text(400)
    resumed_at: Mapped[datetime | None] = moment(nullable=True)
    resumed_by: Mapped[str | None] = text(400, nullable=True)
    zone: Mapped[Zone | None] = related("zone_id", "Zone")


@dataclass(frozen=True)
class Stops:
    """Where entry is stopped now at an event.

    `version` counts stops and resumptions, so that a phone can say what it knows; beside it the event is named, because
    a phone that was moved says at first what it knows of another.
    """

    event: str = ""
    version: int = 0
    everywhere: bool = False
    zones: frozenset[str] = field(default_factory=frozenset)

    def hold(self, entered: Collection[str]) -> bool:
        """Say whether who comes into these zones is stopped."""
        return self.everywhere or not self.zones.isdisjoint(entered)

    @property
    def somewhere(self) -> bool:
        """Say whether entry is stopped anywhere."""
        return self.everywhere or bool(self.zones)

    @property
    def _tag(self) -> str:
        return self.event[-12:]

    def known(self, said: str | None) -> int:
        """Return up to which version a phone knows them, by what it says; never more than there is."""
        count, _, tag = (said or "").partition(".")
        counted = count.isascii() and count.isdigit() and len(count) < 10 and tag == self._tag
        return min(int(count), self.version) if counted else 0

    def said(self) -> dict[str, Any]:
        """Return them as phones hear them."""
        return {"version": f"{self.version}.{self._tag}", "everywhere": self.everywhere, "zones": sorted(self.zones)}


def stops_from(event: Any, rows: Iterable[tuple[Any, bool]]) -> Stops:
    """Make them from all stops of an event: the zone of each (None: everywhere), and whether it was resumed."""
    found = list(rows)
    active = {zone for zone, resumed in found if not resumed}
    return Stops(
        event=str(event),
        version=len(found) + sum(resumed for _, resumed in found),
        everywhere=None in active,
        zones=frozenset(str(zone) for zone in active if zone is not None),
    )
