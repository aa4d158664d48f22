"""Gate passes: given with a reason within one's limit, shown as a code, printed, voided, listed."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid4

from flask import request
from pydantic import Field

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.shown import show
from voelgoed.catalog.event import Event
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because, rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.occupancy.figure import day_of
from voelgoed.selling.asked import Reason
from voelgoed.selling.gate_pass import MOST, GatePass
from voelgoed.selling.give_gate_pass import GiveGatePass, give_gate_pass, own_left, places
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.entered import has_entered

REFUSED_AT = {"above_limit": "bodies", "no_places": "bodies", "no_gate_passes": "bodies", "over": "bodies",
              "which_zone": "ticket_type_id"}  # fmt: skip


class PassForm(Asked):
    """How many people, where, why, and who they are."""

    bodies: int = Field(ge=1, le=MOST)
    ticket_type_id: UUID | None = None
    reason: Reason
    holder: Annotated[Line, Field(max_length=120)] | None = None
    key: UUID = Field(default_factory=uuid4)


class TakenBack(Asked):
    """Why a pass lets nobody in any more."""

    reason: Reason


@pages.get("/events/<uuid:event_id>/gate-passes/new", allow="gate.pass")
def ask_gate_pass(event_id: UUID) -> Answer:
    """Ask who is let in for nothing, and why."""
    return _form(rows(Event).get(event_id), blank(bodies=1, key=str(uuid4())))


@pages.post("/events/<uuid:event_id>/gate-passes", allow="gate.pass")
def give_pass(event_id: UUID) -> Answer:
    """Let people in for nothing: the answer shows their code."""
    event, form = rows(Event).get(event_id), read(PassForm, request.form)
    if not form.ok:
        return _form(event, form, 422)
    asked = GiveGatePass(event.id, **form.model.model_dump(), limited=identity().limited("gate.pass"))
    try:
        with db.session.begin_nested(), because(form.model.reason):
            made = give_gate_pass(asked)
    except Problem as why:
        if why.type not in REFUSED_AT:
            raise
        form.refuse(REFUSED_AT[why.type], f"{why.title}. {why.detail or ''}".strip())
        return _form(event, form, why.status)
    return Redirect("boxoffice.gate_pass", pass_id=made.id)


def _form(event: Event, form: Form[Any], status: int = 200) -> Page:
    found, day = places(event), day_of(event)
    left = own_left(day) if day is not None and identity().limited("gate.pass") else None
    return Page("boxoffice/gate_pass_new.html", status, event=event, form=form, places=found, left=left)


@pages.get("/gate-passes/<uuid:pass_id>", allow="gate.pass.read")
def gate_pass(pass_id: UUID) -> Answer:
    """Show a gate pass: its code, who gave it and why."""
    return _page(rows(GatePass).get(pass_id), blank())


@pages.post("/gate-passes/<uuid:pass_id>/void", allow="gate.pass")
def void_pass(pass_id: UUID) -> Answer:
    """Take a pass back: it lets nobody in any more, and its places can be given again."""
    found, form = rows(GatePass).get(pass_id), read(TakenBack, request.form)
    if not form.ok:
        return _page(found, form, 422)
    with because(form.model.reason):
        void_ticket(found.ticket, form.model.reason, limited=identity().limited("gate.pass"))
    return Redirect("boxoffice.gate_pass", pass_id=found.id)


def _page(found: GatePass, form: Form[Any], status: int = 200) -> Page:
    (shown,) = show([found.ticket])
    return Page(
        "boxoffice/gate_pass.html", status, gate_pass=found, event=found.event, shown=shown, form=form,
        entered=has_entered(found.ticket_id), organizer=identity().organization,
    )  # fmt: skip
