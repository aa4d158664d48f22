"""Setting up gate passes: how many people supervisors may let in for nothing, by zone, on each day."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.catalog.event import Event
from voelgoed.catalog.gate_passes import gate_pass_types, keep_places
from voelgoed.catalog.pages import event_of, pages
from voelgoed.catalog.venue import Zone
from voelgoed.catalog.zone_pages import MOST_PEOPLE, zone_choices
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Answer, Form, Page, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked
from voelgoed.foundation.web.saving import saving

REFUSALS = {
    "zone_capacity": ("capacity", None),
    "ck_pool_never_above_capacity": ("capacity", "More than that were given already."),
    "uq_pool_organization_id_day_id_name_key": ("zone_id", "A capacity has this name already: rename it."),
}


class PlacesForm(Asked):
    """Of which zone, or `anywhere`, how many people on each day."""

    zone_id: UUID | Literal["anywhere"] = "anywhere"
    capacity: int = Field(ge=0, le=MOST_PEOPLE)


@pages.get("/events/<uuid:event_id>/gate-pass-places", allow="catalog.write")
def gate_pass_places(event_id: UUID) -> Answer:
    """Show what is kept for gate passes."""
    return _page(event_of(event_id), blank(zone_id="anywhere"))


@pages.post("/events/<uuid:event_id>/gate-pass-places", allow="catalog.write")
def keep_gate_pass_places(event_id: UUID) -> Answer:
    """Keep places for gate passes."""
    event, form = event_of(event_id, to_write=True), read(PlacesForm, request.form)
    if form.ok:
        zone_id = form.model.zone_id
        zone = None if zone_id == "anywhere" else children(event.venue, Zone).get(zone_id)
        with saving(form, REFUSALS):
            keep_places(event, zone, form.model.capacity)
    return _page(event, form, 422) if not form.ok else Redirect("catalog.gate_pass_places", event_id=event.id)


def _page(event: Event, form: Form[Any], status: int = 200) -> Answer:
    choices = [("anywhere", "The whole venue"), *zone_choices(event.venue)]
    return Page("catalog/gate_pass_places.html", status, event=event, form=form, choices=choices,
                kept=gate_pass_types(event))  # fmt: skip
