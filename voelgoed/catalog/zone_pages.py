"""Zones of a venue: each with its certified number of people, one inside another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.catalog.pages import keep, pages, put_away, to_venue, venue_of
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Page, blank, read
from voelgoed.foundation.web.fields import Asked, Line

MOST_PEOPLE = 1_000_000
REFUSALS = {
    "ux_zone_venue_id_name_key": ("name", "Another zone of this venue has this name."),
    "zone_capacity": ("capacity", None),
    "zone_tree": ("parent_id", None),
    "ck_zone_parent_is_another": ("parent_id", "A zone cannot lie inside itself."),
}


class ZoneForm(Asked):
    """What a zone is; without a parent it lies in the venue itself."""

    name: Line = Field(max_length=120)
    capacity: int = Field(ge=0, le=MOST_PEOPLE)
    parent_id: UUID | None = None


def zone_of(venue_id: UUID, zone_id: UUID) -> Zone:
    """Return a zone of a venue, put away or not; else 404."""
    return children(venue_of(venue_id), Zone).including_archived().get(zone_id)


def zone_choices(venue: Venue, but: Zone | None = None) -> list[tuple[str, str]]:
    """Return the venue's zones for a list to choose from."""
    found = children(venue, Zone).order_by(Zone.name).all()
    return [(str(one.id), one.name) for one in found if but is None or one.id != but.id]


@pages.get("/venues/<uuid:venue_id>/zones/new", allow="catalog.write")
def new_zone(venue_id: UUID) -> Answer:
    """Show the form of a new zone."""
    return _page(venue_of(venue_id), None, blank())


def _page(venue: Venue, zone: Zone | None, form: Form[Any], status: int = 200) -> Answer:
    return Page("catalog/zone_form.html", status, venue=venue, zone=zone, form=form,
                choices=zone_choices(venue, zone))  # fmt: skip


@pages.post("/venues/<uuid:venue_id>/zones", allow="catalog.write")
def create_zone(venue_id: UUID) -> Answer:
    """Make a zone."""
    return _save(venue_of(venue_id), None)


@pages.get("/venues/<uuid:venue_id>/zones/<uuid:zone_id>", allow="catalog.write")
def zone(venue_id: UUID, zone_id: UUID) -> Answer:
    """Show the form of a zone."""
    found = zone_of(venue_id, zone_id)
    return _page(found.venue, found, blank(name=found.name, capacity=found.capacity, parent_id=found.parent_id))


@pages.post("/venues/<uuid:venue_id>/zones/<uuid:zone_id>", allow="catalog.write")
def change_zone(venue_id: UUID, zone_id: UUID) -> Answer:
    """Change a zone."""
    found = zone_of(venue_id, zone_id)
    return _save(found.venue, found)


def _save(venue: Venue, zone: Zone | None) -> Answer:
    form = read(ZoneForm, request.form)
    if form.ok and form.model.parent_id is not None:
        children(venue, Zone).get(form.model.parent_id)
    if form.ok:
        keep(zone or Zone(venue_id=venue.id), form, REFUSALS)
    return _page(venue, zone, form, 422) if not form.ok else to_venue(venue)


def _held(zone: Zone) -> str | None:
    if rows(Gate).filter((Gate.into_id == zone.id) | (Gate.from_id == zone.id)).first():
        return "Gates lead into it or out of it. Put those away first, or let them lead elsewhere."
    return None


put_away("zone", "/venues/<uuid:venue_id>/zones/<uuid:zone_id>", load=zone_of, back=to_venue, refusals=REFUSALS,
         held=_held)  # fmt: skip
