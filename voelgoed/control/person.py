"""Needs a person: the page that lists what nobody but a person can decide, and each decision with its reason."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import request
from pydantic import BaseModel, ConfigDict, Field

from voelgoed.control.badge import in_bar
from voelgoed.control.decided import decided
from voelgoed.control.waiting import count, count_anew, waiting
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, File, Form, Page, Pages, Problem, Redirect, blank, identity, read
from voelgoed.foundation.workflow.journal import RunStuck
from voelgoed.foundation.workflow.person import give_up, settle, try_again
from voelgoed.payments.payment import Charge, Refund
from voelgoed.selling import settle_unknown_charge, stuck_refunds
from voelgoed.selling.unknown_charges import CAPTURED, CHECK, NOT_CAPTURED, REFUND, WRITE_OFF

pages = Pages("needs", __name__)

CHARGES: dict[str, Callable[[UUID, str, str], None]] = {
    CHECK: lambda charge_id, _note, _reference: settle_unknown_charge.check_again(charge_id),
    CAPTURED: lambda charge_id, _note, reference: settle_unknown_charge.mark_captured(charge_id, reference),
    NOT_CAPTURED: lambda charge_id, note, _reference: settle_unknown_charge.mark_not_captured(charge_id, note),
    REFUND: lambda charge_id, note, _reference: settle_unknown_charge.refund_charge(charge_id, note),
    WRITE_OFF: lambda charge_id, note, _reference: settle_unknown_charge.write_off(charge_id, note),
}
RUNS: dict[str, Callable[[UUID, str, str], None]] = {
    "again": lambda stuck_id, _note, _reference: try_again(stuck_id),
    "settled": lambda stuck_id, note, _reference: settle(stuck_id, note),
    "failed": lambda stuck_id, note, _reference: give_up(stuck_id, note),
}


class Decision(BaseModel):
    """Why, or what proves it; to look again needs neither."""

    model_config = ConfigDict(extra="forbid")
    note: str = Field(default="", max_length=300, pattern=r"^[^\x00-\x08]*$")
    reference: str = Field(default="", max_length=120, pattern=r"^[^\x00-\x08]*$")


@pages.get("/needs", allow="charge.read")
def index() -> Answer:
    """List what needs a person, oldest first in each kind."""
    return _page(blank())


@pages.post("/needs/charges/<uuid:charge_id>/<choice>", allow="charge.decide")
def decide_charge(charge_id: UUID, choice: str) -> Answer:
    """Decide about money of which nobody knows."""
    return _decide(rows(Charge).get(charge_id).id, choice, CHARGES)


@pages.post("/needs/refunds/<uuid:refund_id>/<choice>", allow="charge.decide")
def decide_refund(refund_id: UUID, choice: str) -> Answer:
    """Decide about a refund that could not be sent."""
    return _decide(rows(Refund).get(refund_id).id, choice, stuck_refunds.DEEDS)


@pages.post("/needs/runs/<uuid:stuck_id>/<choice>", allow="run.decide")
def decide_run(stuck_id: UUID, choice: str) -> Answer:
    """Decide about other work that is stuck."""
    return _decide(rows(RunStuck).get(stuck_id).id, choice, RUNS)


def _decide(about: UUID, choice: str, deeds: dict[str, Callable[[UUID, str, str], None]]) -> Answer:
    if choice not in deeds:
        raise Problem(404, "not_found")
    form = read(Decision, request.form)
    needed = {CAPTURED: "reference", stuck_refunds.SENT: "reference", CHECK: None, "again": None}.get(choice, "note")
    if form.ok and needed and not getattr(form.model, needed):
        form.refuse(needed, "This is needed.")
    if not form.ok:
        return _page(form, about, choice, 422)
    try:
        with db.session.begin_nested():
            deeds[choice](about, form.model.note, form.model.reference)
    except Problem as problem:
        return _page(form, about, choice, problem.status, problem)
    count_anew()
    return Redirect("needs.index")


def _page(
    form: Form[Decision], about: UUID | None = None, choice: str = "", status: int = 200, problem: Problem | None = None
) -> Answer:
    return Page(
        "control/needs.html", status, waiting=waiting(), form=form, about=about, choice=choice, problem=problem,
        decided=[] if identity().limited("charge.read") else decided(),
    )  # fmt: skip


@pages.get("/needs/badge", allow="charge.read")
def badge() -> Answer:
    """Say how much waits, for a page that missed a push."""
    return File(in_bar(count()).encode(), "text/html")
