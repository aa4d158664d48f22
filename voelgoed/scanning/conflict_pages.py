"""What phones without network contradict: conflicts to be closed, and late scans of phones out of service."""

from __future__ import annotations

from uuid import UUID

from flask import request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import load_only

from voelgoed.catalog.event import Event
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, Problem, Redirect, blank, read
from voelgoed.scanning.batch import BatchDecision, ScanBatch
from voelgoed.scanning.conflicts import cases_of, close, open_groups
from voelgoed.scanning.receive_batch import decide

pages = Pages("conflicts", __name__)
SHOWN = 200


class Closing(BaseModel):
    """Which conflicts are closed, and why."""

    model_config = ConfigDict(extra="forbid")
    conflict: list[UUID] = Field(min_length=1)
    reason: str = Field(min_length=1, max_length=400)


class Deciding(BaseModel):
    """Whether late scans count, and why."""

    model_config = ConfigDict(extra="forbid")
    counts: bool
    reason: str = Field(min_length=1, max_length=400)


@pages.get("/events/<uuid:event_id>/conflicts", allow="device.read")
def index(event_id: UUID) -> Answer:
    """Show what is open, in groups of one cause, then what was closed or dissolved."""
    return _index(rows(Event).get(event_id), blank())


@pages.post("/events/<uuid:event_id>/conflict-closures", allow="gate.decide")
def close_some(event_id: UUID) -> Answer:
    """Close conflicts of one cause, with one reason."""
    event = rows(Event).get(event_id)
    form = read(Closing, request.form, lists=("conflict",))
    if not form.ok:
        return _index(event, form, about=next(iter(form.values.get("conflict", [])), None), status=422)
    try:
        close(event, form.model.conflict, form.model.reason)
    except Problem as problem:
        return _index(event, blank(), problem=problem, status=problem.status)
    return Redirect("conflicts.index", event_id=event_id)


@pages.post("/events/<uuid:event_id>/late-scans/<uuid:batch_id>/decisions", allow="gate.decide")
def decide_late(event_id: UUID, batch_id: UUID) -> Answer:
    """Let the late scans of a phone out of service count, or refuse them."""
    event = rows(Event).get(event_id)
    batch = children(event, ScanBatch).get(batch_id)
    form = read(Deciding, request.form)
    if not form.ok:
        return _index(event, form, about=str(batch_id), status=422)
    try:
        decide(batch, form.model.counts, form.model.reason)
    except Problem as problem:
        return _index(event, blank(), problem=problem, status=problem.status)
    return Redirect("conflicts.index", event_id=event_id)


def _index(
    event: Event, form: Form[Closing] | Form[Deciding], *, about: str | None = None, problem: Problem | None = None,
    status: int = 200,
) -> Answer:  # fmt: skip
    cases = cases_of(event)
    return Page(
        "scanning/conflicts.html", status, event=event, groups=open_groups(cases), form=form, about=about,
        over=[one for one in cases if one.state != "open"][:SHOWN], problem=problem,
        quarantined=_quarantined(event), decided=_decided(event),
    )  # fmt: skip


def _quarantined(event: Event) -> list[ScanBatch]:
    """Return late batches that wait for a person, without their sealed scans."""
    some = (ScanBatch.id, ScanBatch.device_id, ScanBatch.total, ScanBatch.created_at, ScanBatch.state)
    waiting = children(event, ScanBatch).filter(ScanBatch.state == "quarantined").order_by(ScanBatch.created_at)
    return waiting.options(load_only(*some)).all()


def _decided(event: Event) -> int:
    statement = (
        select(func.count())
        .select_from(BatchDecision)
        .join(ScanBatch, ScanBatch.id == BatchDecision.batch_id)
        .where(ScanBatch.event_id == event.id)
    )
    return db.session.scalar(statement) or 0
