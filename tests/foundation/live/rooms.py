"""A kind of room of the tests' own: a venue, whose name is what is pushed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from voelgoed.catalog.venue import Venue
from voelgoed.foundation.live import Part, room_kind
from voelgoed.foundation.tenancy import rows

KIND = "venue-of-the-tests"
looks: Counter[UUID] = Counter()


def _load(venue_id: UUID) -> Venue:
    return rows(Venue).get(venue_id)


def _parts(venue_id: UUID) -> Iterator[Part]:
    looks[venue_id] += 1
    venue = _load(venue_id)
    yield Part("venue", int(venue.updated_at.timestamp() * 1e6), f"<section id=venue>{venue.name}</section>")


def register() -> None:
    """Register the kind, in the test's process and in the server's."""
    room_kind(KIND, _load, "live.read", _parts)
