"""The list of an event's phones: in its page, in the answer to a refetch, and in the push."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from voelgoed.catalog.event import Event
from voelgoed.foundation.clock import now
from voelgoed.foundation.live import Part, part
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.scanning.phones import in_use, out_of_service
from voelgoed.scanning.scan_page import app_version

DEED = "device.read"


def listed(event: Event) -> dict[str, Any]:
    """Return what the partial shows; a push has no visitor to take the slug from."""
    at = now().astimezone(ZoneInfo(event.venue.timezone))
    return {
        "event": event, "slug": rows(Organization).one().slug, "phones": in_use(event, at, whole=True),
        "gone": out_of_service(event), "app_now": app_version(), "at": at, "version": int(at.timestamp() * 1000),
    }  # fmt: skip


def load(event_id: UUID) -> Event:
    """Return the event that a room is about, in the open scope, or 404."""
    return rows(Event).get(event_id)


def push(event_id: UUID) -> Iterator[Part]:
    """Render the list as it is pushed to everybody in the room."""
    yield list_part(load(event_id))


def list_part(event: Event) -> Part:
    """Render the list."""
    shown = listed(event)
    return part("scanning/_devices.html", shown.pop("version"), **shown)
