"""Venues: the places, each with its zones and gates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.catalog.pages import keep, pages, put_away, to_venue, venue_of
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Form, Page, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Line, Lines, TimeZone

REFUSALS = {"ux_venue_name_key": ("name", "Another venue has this name.")}


class VenueForm(Asked):
    """What a venue is."""

    name: Line = Field(max_length=120)
    address: Lines | None = Field(default=None, max_length=400)
    timezone: TimeZone


@pages.get("/venues", allow="catalog.read")
def venues() -> Answer:
    """List the venues."""
    found = rows(Venue).including_archived().order_by(Venue.name).all()
    zones = rows(Zone).all()
    gates = rows(Gate).all()
    counts = {one.id: (_count(zones, one), _count(gates, one)) for one in found}
    return Page("catalog/venues.html", venues=found, counts=counts)


def _count(listed: list[Any], venue: Venue) -> int:
    return sum(one.venue_id == venue.id for one in listed)


@pages.get("/venues/new", allow="catalog.write")
def new_venue() -> Answer:
    """Show the form of a new venue."""
    organization = rows(Organization).one()
    return Page("catalog/venue_form.html", form=blank(timezone=organization.timezone), venue=None)


@pages.post("/venues", allow="catalog.write")
def create_venue() -> Answer:
    """Make a venue."""
    form, made = read(VenueForm, request.form), Venue()
    return _saved(form, made) if form.ok else Page("catalog/venue_form.html", 422, form=form, venue=None)


def _saved(form: Form[VenueForm], venue: Venue) -> Answer:
    known = venue.created_at is not None
    keep(venue, form, REFUSALS)
    if form.errors:
        return Page("catalog/venue_form.html", 422, form=form, venue=venue if known else None)
    return Redirect("catalog.venue", venue_id=venue.id)


@pages.get("/venues/<uuid:venue_id>", allow="catalog.read")
def venue(venue_id: UUID) -> Answer:
    """Show a venue with its zones as a tree, and its gates."""
    found = venue_of(venue_id)
    zones = children(found, Zone).including_archived().order_by(Zone.name).all()
    gates = children(found, Gate).including_archived().order_by(Gate.name).all()
    kept = [one for one in zones if one.archived_at is None]
    return Page(
        "catalog/venue.html", venue=found, tree=list(tree(kept)), gates=[one for one in gates if not one.archived_at],
        away=[("zone", one) for one in zones if one.archived_at] + [("gate", one) for one in gates if one.archived_at],
    )  # fmt: skip


def tree(zones: list[Zone]) -> list[tuple[int, Zone]]:
    """Return zones in the order of their tree, each with its depth; one whose parent is put away stands on top."""
    known = {one.id for one in zones}

    def below(parent: UUID | None, depth: int) -> list[tuple[int, Zone]]:
        own = [one for one in zones if (one.parent_id if one.parent_id in known else None) == parent]
        return [line for one in own for line in ((depth, one), *below(one.id, depth + 1))]

    return below(None, 0)


@pages.get("/venues/<uuid:venue_id>/edit", allow="catalog.write")
def edit_venue(venue_id: UUID) -> Answer:
    """Show the form of a venue."""
    found = venue_of(venue_id)
    form = blank(name=found.name, address=found.address, timezone=found.timezone)
    return Page("catalog/venue_form.html", form=form, venue=found)


@pages.post("/venues/<uuid:venue_id>", allow="catalog.write")
def change_venue(venue_id: UUID) -> Answer:
    """Change a venue."""
    form, found = read(VenueForm, request.form), venue_of(venue_id)
    return _saved(form, found) if form.ok else Page("catalog/venue_form.html", 422, form=form, venue=found)


put_away("venue", "/venues/<uuid:venue_id>", load=venue_of, back=to_venue, refusals=REFUSALS)
