"""Runs of workflows that need a person: what is known, try again, or say how it was settled by hand."""

from __future__ import annotations

from uuid import UUID

from flask import request
from pydantic import BaseModel, ConfigDict, Field

from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, Redirect, blank, read
from voelgoed.foundation.workflow.journal import RunStuck
from voelgoed.foundation.workflow.person import settle, stuck_runs, try_again

pages = Pages("runs", __name__)


class Note(BaseModel):
    """How a run's work was taken back by hand."""

    model_config = ConfigDict(extra="forbid")
    note: str = Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x08]*$")


@pages.get("/runs", allow="run.decide")
def index() -> Answer:
    """List the runs that need a person, oldest first."""
    return _runs(blank())


@pages.post("/runs/<uuid:stuck_id>/tries", allow="run.decide")
def run_again(stuck_id: UUID) -> Answer:
    """Let the engine try again."""
    try_again(stuck_id)
    return Redirect("runs.index")


@pages.post("/runs/<uuid:stuck_id>/settlements", allow="run.decide")
def settle_run(stuck_id: UUID) -> Answer:
    """Close a run because a person took its work back."""
    rows(RunStuck).get(stuck_id)
    form = read(Note, request.form)
    if not form.ok:
        return _runs(form, stuck_id, 422)
    settle(stuck_id, form.model.note)
    return Redirect("runs.index")


def _runs(form: Form[Note], about: UUID | None = None, status: int = 200) -> Answer:
    return Page("control/runs.html", status, stuck=stuck_runs(), form=form, about=about)
