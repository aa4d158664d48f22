"""What the live page says of entry: where it is stopped, and which phones do not know."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from voelgoed.catalog.event import Event
from voelgoed.scanning.stop_entry import active, stops_of, unconfirmed


def entry(event: Event) -> dict[str, Any]:
    """Return the `stopped` places, the `unheard` phones, and the venue's time zone."""
    stops = stops_of(event.id)
    return {
        "stopped": active(event) if stops.everywhere or stops.zones else [],
        "unheard": unconfirmed(event, stops.version) if stops.version else [],
        "zone_of_time": ZoneInfo(event.venue.timezone),
    }
