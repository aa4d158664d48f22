"""Emptying a zone from the live page: where, and why; it is never undone."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Zone
from voelgoed.control.parts import load
from voelgoed.foundation.tenancy import because, children
from voelgoed.foundation.web import Answer, Form, Page, Pages, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.scanning.empty_zone import empty

pages = Pages("empty", __name__)


class Emptying(Asked):
    """The zone that everybody has left, or `everywhere`, and why."""

    zone_id: UUID | Literal["everywhere"] = "everywhere"
    reason: Line = Field(min_length=1, max_length=400)


@pages.get("/events/<uuid:event_id>/emptyings/new", allow="gate.decide")
def ask(event_id: UUID) -> Answer:
    """Ask which zone was emptied, and why."""
    return _ask(load(event_id), blank(zone_id=None))


@pages.post("/events/<uuid:event_id>/emptyings", allow="gate.decide")
def empty_zone(event_id: UUID) -> Answer:
    """Say that everybody has left a zone."""
    event, form = load(event_id), read(Emptying, request.form)
    if not form.ok:
        return _ask(event, form, 422)
    zone_id = form.model.zone_id
    zone = None if zone_id == "everywhere" else children(event.venue, Zone).get(zone_id)
    with because(form.model.reason):
        empty(event, zone, form.model.reason)
    return Redirect("control.live", event_id=event.id)


def _ask(event: Event, form: Form[Emptying], status: int = 200) -> Answer:
    zones = children(event.venue, Zone).order_by(Zone.name).all()
    return Page(
        "control/empty_zone.html", status, event=event, form=form,
        choices=[("everywhere", "Everywhere"), *((str(zone.id), zone.name) for zone in zones)],
    )  # fmt: skip
