"""The day's codes of an event, to show and to print; and the review of what was done on phones by them."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from pydantic import BaseModel, ConfigDict, Field

from voelgoed.catalog.event import Day, Event
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Page, Pages, Problem, Redirect, read
from voelgoed.scanning.day_code import current_codes, make_code
from voelgoed.scanning.deed_review import items, review

pages = Pages("deeds", __name__)


class ForDay(BaseModel):
    """The day that gets a code, in place of the one that it has."""

    model_config = ConfigDict(extra="forbid")
    day_id: UUID


class Reviewed(BaseModel):
    """Why it is well, or what was done about it."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=400, pattern=r"^[^\x00-\x08]*$")


@pages.get("/events/<uuid:event_id>/day-codes", allow="gate.decide")
def codes(event_id: UUID) -> Answer:
    """Show the code of each day to who may decide at the gate."""
    event = rows(Event).get(event_id)
    days = children(event, Day).order_by(Day.number).all()
    return Page(
        "scanning/day_codes.html", event=event, days=days, codes=current_codes(event),
        zone=ZoneInfo(event.venue.timezone),
    )  # fmt: skip


@pages.post("/events/<uuid:event_id>/day-codes", allow="gate.decide")
def make(event_id: UUID) -> Answer:
    """Make a day's code, or change it: phones with network follow within half a minute."""
    event = rows(Event).get(event_id)
    form = read(ForDay, request.form)
    if not form.ok:
        raise Problem(422, "invalid", "Choose a day of the event", "Nothing was changed.")
    make_code(event, children(event, Day).get(form.model.day_id))
    return Redirect("deeds.codes", event_id=event.id)


@pages.get("/events/<uuid:event_id>/phone-deeds", allow="device.read")
def index(event_id: UUID) -> Answer:
    """List what supervisors did on phones without network, what waits for review first."""
    return _index(rows(Event).get(event_id))


@pages.post("/events/<uuid:event_id>/phone-deeds/<uuid:deed_id>/reviews", allow="gate.decide")
def close(event_id: UUID, deed_id: UUID) -> Answer:
    """Close the review of a deed, with a reason."""
    event = rows(Event).get(event_id)
    form = read(Reviewed, request.form)
    if not form.ok:
        return _index(event, deed_id, 422)
    try:
        review(event, deed_id, form.model.reason)
    except Problem as problem:
        if problem.status != 409:
            raise
        return _index(event, status=409, problem=problem)
    return Redirect("deeds.index", event_id=event.id)


def _index(event: Event, about: UUID | None = None, status: int = 200, problem: Problem | None = None) -> Answer:
    return Page("scanning/phone_deeds.html", status, event=event, items=items(event), about=about, problem=problem)
