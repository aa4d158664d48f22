"""Gates of a venue: the ways from outside, or from one zone, into another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.catalog.pages import keep, pages, put_away, to_venue, venue_of
from voelgoed.catalog.venue import Gate, Venue, Zone
from voelgoed.catalog.zone_pages import zone_choices
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Answer, Form, Page, blank, read
from voelgoed.foundation.web.fields import Asked, Line

REFUSALS = {
    "ux_gate_venue_id_name_key": ("name", "Another gate of this venue has this name."),
    "ck_gate_leads_somewhere": ("into_id", "A gate leads from one place into another."),
}


class GateForm(Asked):
    """What a gate is; without `from_id` it leads in from outside."""

    name: Line = Field(max_length=120)
    from_id: UUID | None = None
    into_id: UUID


def gate_of(venue_id: UUID, gate_id: UUID) -> Gate:
    """Return a gate of a venue, put away or not; else 404."""
    return children(venue_of(venue_id), Gate).including_archived().get(gate_id)


@pages.get("/venues/<uuid:venue_id>/gates/new", allow="device.write")
def new_gate(venue_id: UUID) -> Answer:
    """Show the form of a new gate."""
    return _page(venue_of(venue_id), None, blank())


def _page(venue: Venue, gate: Gate | None, form: Form[Any], status: int = 200) -> Answer:
    return Page("catalog/gate_form.html", status, venue=venue, gate=gate, form=form, choices=zone_choices(venue))


@pages.post("/venues/<uuid:venue_id>/gates", allow="device.write")
def create_gate(venue_id: UUID) -> Answer:
    """Make a gate."""
    return _save(venue_of(venue_id), None)


@pages.get("/venues/<uuid:venue_id>/gates/<uuid:gate_id>", allow="device.write")
def gate(venue_id: UUID, gate_id: UUID) -> Answer:
    """Show the form of a gate."""
    found = gate_of(venue_id, gate_id)
    return _page(found.venue, found, blank(name=found.name, from_id=found.from_id, into_id=found.into_id))


@pages.post("/venues/<uuid:venue_id>/gates/<uuid:gate_id>", allow="device.write")
def change_gate(venue_id: UUID, gate_id: UUID) -> Answer:
    """Change a gate."""
    found = gate_of(venue_id, gate_id)
    return _save(found.venue, found)


def _save(venue: Venue, gate: Gate | None) -> Answer:
    form = read(GateForm, request.form)
    if form.ok:
        for end in filter(None, (form.model.from_id, form.model.into_id)):
            children(venue, Zone).get(end)
        keep(gate or Gate(venue_id=venue.id), form, REFUSALS)
    return _page(venue, gate, form, 422) if not form.ok else to_venue(venue)


put_away("gate", "/venues/<uuid:venue_id>/gates/<uuid:gate_id>", load=gate_of, back=to_venue, refusals=REFUSALS,
         allow="device.write")  # fmt: skip
