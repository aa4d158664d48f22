"""Stopping entry and resuming it from the live page: one deed and its confirmation, and who has not heard it yet."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Zone
from voelgoed.control.parts import load
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Answer, Form, Page, Pages, Problem, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked
from voelgoed.scanning.entry_stop import EntryStop
from voelgoed.scanning.stop_entry import resume, stop

pages = Pages("entry", __name__)


class Where(Asked):
    """The zone that nobody is let into, or `everywhere`."""

    zone_id: UUID | Literal["everywhere"] = "everywhere"


@pages.get("/events/<uuid:event_id>/entry-stops/new", allow="gate.decide")
def ask(event_id: UUID) -> Answer:
    """Ask where entry shall be stopped; one button does it."""
    event, form = load(event_id), read(Where, request.args)
    return _ask(event, blank(zone_id=form.model.zone_id if form.ok else None))


@pages.post("/events/<uuid:event_id>/entry-stops", allow="gate.decide")
def stop_entry(event_id: UUID) -> Answer:
    """Stop entry into a zone, or everywhere."""
    event, form = load(event_id), read(Where, request.form)
    if not form.ok:
        return _ask(event, form, 422)
    zone_id = form.model.zone_id
    zone = None if zone_id == "everywhere" else children(event.venue, Zone).get(zone_id)
    try:
        stop(event, zone)
    except Problem as problem:
        return _ask(event, blank(zone_id=zone_id), problem.status, problem)
    return Redirect("control.live", event_id=event.id)


@pages.get("/events/<uuid:event_id>/entry-stops/<uuid:stop_id>/resumption", allow="gate.decide")
def ask_resume(event_id: UUID, stop_id: UUID) -> Answer:
    """Ask whether people shall be let in again."""
    event = load(event_id)
    return _ask_resume(event, children(event, EntryStop).get(stop_id))


@pages.post("/events/<uuid:event_id>/entry-stops/<uuid:stop_id>/resumptions", allow="gate.decide")
def resume_entry(event_id: UUID, stop_id: UUID) -> Answer:
    """Let people in again."""
    event = load(event_id)
    stopped = children(event, EntryStop).get(stop_id)
    try:
        resume(stopped)
    except Problem as problem:
        return _ask_resume(event, stopped, problem.status, problem)
    return Redirect("control.live", event_id=event.id)


def _ask(event: Event, form: Form[Any], status: int = 200, problem: Problem | None = None) -> Answer:
    zones = children(event.venue, Zone).order_by(Zone.name).all()
    return Page(
        "control/stop_entry.html", status, event=event, form=form, problem=problem,
        choices=[("everywhere", "Everywhere"), *((str(zone.id), zone.name) for zone in zones)],
    )  # fmt: skip


def _ask_resume(event: Event, stopped: EntryStop, status: int = 200, problem: Problem | None = None) -> Answer:
    zone = ZoneInfo(event.venue.timezone)
    return Page("control/resume_entry.html", status, event=event, stopped=stopped, problem=problem,
                at=stopped.stopped_at.astimezone(zone))  # fmt: skip
