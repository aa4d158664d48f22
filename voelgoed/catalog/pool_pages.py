"""Capacities that types share: how many people, on one day."""

from __future__ import annotations

from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.catalog.pages import event_of, pages, to_event
from voelgoed.catalog.ticket_type import Pool
from voelgoed.catalog.type_pages import REFUSALS
from voelgoed.catalog.zone_pages import MOST_PEOPLE
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Answer, Page, blank, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.foundation.web.saving import fill, saving


class PoolForm(Asked):
    """A capacity, in people."""

    name: Line = Field(max_length=120)
    capacity: int = Field(ge=0, le=MOST_PEOPLE)


def pool_of(event_id: UUID, pool_id: UUID) -> Pool:
    """Return a pool of an event; else 404."""
    return children(event_of(event_id), Pool).get(pool_id)


@pages.get("/events/<uuid:event_id>/pools/<uuid:pool_id>", allow="catalog.write")
def pool(event_id: UUID, pool_id: UUID) -> Answer:
    """Show the form of a capacity."""
    found = pool_of(event_id, pool_id)
    return Page("catalog/pool_form.html", pool=found, form=blank(name=found.name, capacity=found.capacity))


@pages.post("/events/<uuid:event_id>/pools/<uuid:pool_id>", allow="catalog.write")
def change_pool(event_id: UUID, pool_id: UUID) -> Answer:
    """Change a capacity; never below what it has taken."""
    found, form = pool_of(event_id, pool_id), read(PoolForm, request.form)
    if form.ok:
        with saving(form, REFUSALS):
            fill(found, form.model)
    return Page("catalog/pool_form.html", 422, pool=found, form=form) if not form.ok else to_event(found)
