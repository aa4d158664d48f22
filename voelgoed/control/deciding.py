"""Letting in after a refusal, taking back an admission: both ask for a reason, which the trail keeps."""

from __future__ import annotations

from uuid import UUID

from flask import request
from pydantic import BaseModel, ConfigDict, Field

from voelgoed.catalog.event import Event
from voelgoed.control.parts import load
from voelgoed.control.seen import one
from voelgoed.foundation.tenancy import because, children
from voelgoed.foundation.web import Answer, Form, Page, Pages, Redirect, blank, read
from voelgoed.scanning.decide import override, undo
from voelgoed.scanning.scan import Scan

pages = Pages("decisions", __name__)

WORDS = {
    "override": ("Let in after a refusal", "Let in", "Why is this person let in?"),
    "undo": ("Take back an admission", "Take it back", "Why is it taken back?"),
}


class Reason(BaseModel):
    """Why; it is read by whoever looks at the trail later."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=400, pattern=r"^[^\x00-\x08]*$")


@pages.get("/events/<uuid:event_id>/scans/<uuid:scan_id>/override", allow="gate.decide")
def ask_override(event_id: UUID, scan_id: UUID) -> Answer:
    """Ask why somebody who was refused is let in."""
    return _ask("override", *_scan(event_id, scan_id), blank())


@pages.get("/events/<uuid:event_id>/scans/<uuid:scan_id>/undo", allow="gate.decide")
def ask_undo(event_id: UUID, scan_id: UUID) -> Answer:
    """Ask why an admission is taken back."""
    return _ask("undo", *_scan(event_id, scan_id), blank())


@pages.post("/events/<uuid:event_id>/scans/<uuid:scan_id>/overrides", allow="gate.decide")
def let_in(event_id: UUID, scan_id: UUID) -> Answer:
    """Let in after a refusal."""
    return _decide("override", event_id, scan_id)


@pages.post("/events/<uuid:event_id>/scans/<uuid:scan_id>/undos", allow="gate.decide")
def take_back(event_id: UUID, scan_id: UUID) -> Answer:
    """Take back an admission."""
    return _decide("undo", event_id, scan_id)


def _scan(event_id: UUID, scan_id: UUID) -> tuple[Event, Scan]:
    event = load(event_id)
    return event, children(event, Scan).get(scan_id)


def _ask(deed: str, event: Event, scan: Scan, form: Form[Reason], status: int = 200) -> Answer:
    title, button, question = WORDS[deed]
    return Page(
        "control/decide.html", status, event=event, seen=one(event, scan), deed=deed, title=title,
        button=button, question=question, form=form,
    )  # fmt: skip


def _decide(deed: str, event_id: UUID, scan_id: UUID) -> Answer:
    event, scan = _scan(event_id, scan_id)
    form = read(Reason, request.form)
    if not form.ok:
        return _ask(deed, event, scan, form, 422)
    with because(form.model.reason):
        (override if deed == "override" else undo)(scan, form.model.reason)
    return Redirect("control.live", event_id=event.id)
