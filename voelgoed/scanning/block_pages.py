"""The list of blocked tickets: adding one by its serial, lifting a block."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from pydantic import Field

from voelgoed.catalog.event import Event
from voelgoed.foundation.tenancy import because, children, rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, Problem, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.scanning.block import block, blocks_of, find, lift
from voelgoed.scanning.ticket_block import TicketBlock

pages = Pages("blocks", __name__)


class BlockForm(Asked):
    """Which ticket, and what the gate is told."""

    serial: Line = Field(min_length=1, max_length=40)
    reason: Line = Field(min_length=1, max_length=200)


@pages.get("/events/<uuid:event_id>/blocks", allow="device.read")
def index(event_id: UUID) -> Answer:
    """List the blocked tickets, then what was lifted."""
    return _index(rows(Event).get(event_id), blank())


@pages.post("/events/<uuid:event_id>/blocks", allow="gate.decide")
def add(event_id: UUID) -> Answer:
    """Block a ticket."""
    event, form = rows(Event).get(event_id), read(BlockForm, request.form)
    ticket = find(event, form.model.serial) if form.ok else None
    if form.ok and ticket is None:
        form.refuse("serial", "This event has no ticket with that serial.")
    if ticket is not None:
        try:
            with because(form.model.reason):
                block(ticket, form.model.reason)
        except Problem as problem:
            form.refuse("serial", problem.title)
            return _index(event, form, problem.status)
    return Redirect("blocks.index", event_id=event.id) if form.ok else _index(event, form, 422)


@pages.post("/events/<uuid:event_id>/blocks/<uuid:block_id>/lifts", allow="gate.decide")
def end(event_id: UUID, block_id: UUID) -> Answer:
    """Lift a block."""
    event = rows(Event).get(event_id)
    lift(children(event, TicketBlock).get(block_id))
    return Redirect("blocks.index", event_id=event.id)


def _index(event: Event, form: Form[BlockForm], status: int = 200) -> Answer:
    zone = ZoneInfo(event.venue.timezone)
    return Page("scanning/blocks.html", status, event=event, form=form, blocks=blocks_of(event), zone=zone)
