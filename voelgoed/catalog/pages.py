"""The pages of set-up, and what they share: writing what a form says, putting away, taking back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Pages, Problem, Redirect, blank
from voelgoed.foundation.web.saving import Refusals, fill, saving

pages = Pages("catalog", __name__)


def venue_of(venue_id: UUID) -> Venue:
    """Return a venue of the organization, put away or not; else 404."""
    return rows(Venue).including_archived().get(venue_id)


def event_of(event_id: UUID, *, to_write: bool = False) -> Event:
    """Return an event of the organization, put away or not; locked when its days or types are to change."""
    found = rows(Event).including_archived()
    return (found.with_for_update() if to_write else found).get(event_id)


def keep(row: Resource, form: Form[Any], refusals: Refusals) -> None:
    """Give a row what its form says and write it; what the database refuses becomes an error of the form."""
    with saving(form, refusals):
        fill(row, form.model)
        db.session.add(row)


def put_away(
    name: str,
    rule: str,
    *,
    load: Callable[..., Resource],
    back: Callable[[Any], Answer],
    refusals: Refusals,
    allow: str = "catalog.write",
    held: Callable[[Any], str | None] = lambda _: None,
) -> None:
    """Add the two deeds that put a row away and take it back; `held` says why a row has to stay."""

    def archive(**ids: UUID) -> Answer:
        row = load(**ids)
        if reason := held(row):
            raise Problem(409, "in_use", "It has to stay", reason)
        row.archived_at = row.archived_at or now()
        return back(row)

    def restore(**ids: UUID) -> Answer:
        row, form = load(**ids), blank()
        with saving(form, refusals):
            row.archived_at = None
        if form.errors:
            raise Problem(409, "cannot_restore", "It cannot come back", next(iter(form.errors.values()))[0])
        return back(row)

    pages.post(f"{rule}/archive", allow=allow, endpoint=f"archive_{name}")(archive)
    pages.post(f"{rule}/restore", allow=allow, endpoint=f"restore_{name}")(restore)


def to_venue(row: Any) -> Answer:
    """Lead back to the venue of a row."""
    return Redirect("catalog.venue", venue_id=getattr(row, "venue_id", row.id))


def to_event(row: Any) -> Answer:
    """Lead back to the event of a row."""
    return Redirect("catalog.event", event_id=getattr(row, "event_id", row.id))
