"""Comps at the box office: given with a reason, beyond one's limit with an approval; shown, printed, voided."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from flask import request
from pydantic import Field, StringConstraints

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.shown import show
from voelgoed.boxoffice.till import offered
from voelgoed.catalog.event import Event
from voelgoed.checkout.availability import offers
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because, rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Line
from voelgoed.selling.asked import NO_NULLS, Reason
from voelgoed.selling.comp import MOST, PURPOSES, Comp
from voelgoed.selling.give_comp import GiveComp, give_comp, own_left
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.told import tickets_of
from voelgoed.tills.approval import approval_given, approved_by

REFUSED_AT = {"sold_out": "quantity", "over": "ticket_type_id"}
APPROVAL = ("above_limit", "admitted", "approval_needed", "wrong_pin", "pin_locked", "not_at_a_till")
"""Refusals that somebody with the deed can lift, or that come of their trying."""


class CompForm(Asked):
    """What is given, to what end, why, and for whom; above one's limit who approves it by PIN."""

    ticket_type_id: UUID
    quantity: int = Field(ge=1, le=MOST)
    purpose: Literal[PURPOSES]  # type: ignore[valid-type]
    reason: Reason
    holder: Annotated[Line, Field(max_length=120)] | None = None
    key: UUID = Field(default_factory=uuid4)
    staff_number: str | None = None
    pin: str | None = None


class VoidForm(Asked):
    """Why the tickets are taken back; above one's limit who approves it by PIN."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=NO_NULLS)]
    staff_number: str | None = None
    pin: str | None = None


@pages.get("/events/<uuid:event_id>/comps/new", allow="comp")
def ask_comp(event_id: UUID) -> Answer:
    """Ask what is given away, to what end and why."""
    event = rows(Event).get(event_id)
    return _form(event, blank(quantity=1, key=str(uuid4()), ticket_type_id=request.args.get("ticket_type_id")))


@pages.post("/events/<uuid:event_id>/comps", allow="comp")
def give(event_id: UUID) -> Answer:
    """Give tickets away; above the limit a manager approves it, on the same page."""
    event = rows(Event).get(event_id)
    form = read(CompForm, request.form)
    form.values.pop("pin", None)
    if not form.ok:
        return _form(event, form, 422)
    limited = identity().limited("comp")
    try:
        # Outside the savepoint: a wrong PIN stays counted.
        member = approved_by("comp") if limited and approval_given() else None
        approver = (member.actor.id, member.name) if member else None
        with db.session.begin_nested(), because(form.model.reason):
            made = give_comp(_asked(event, form.model, limited, approver))
    except Problem as why:
        return _refused(event, form, why)
    return Redirect("boxoffice.comp", comp_id=made.id)


def _asked(event: Event, said: CompForm, limited: bool, approver: tuple[UUID | None, str] | None) -> GiveComp:
    return GiveComp(
        event.id, said.ticket_type_id, said.quantity, said.purpose, said.reason, said.key,
        holder=said.holder, limited=limited, approver=approver,
    )  # fmt: skip


def _refused(event: Event, form: Form[CompForm], why: Problem) -> Page:
    """Show the form again with what is wrong at its field; raises what no form can tell."""
    if why.type in APPROVAL:
        form.refuse("approval", f"{why.title}. {why.detail}")
    elif why.type in REFUSED_AT:
        left = (why.extra.get("left") or {}).get(str(form.model.ticket_type_id))
        form.refuse(REFUSED_AT[why.type], f"Only {left} are left." if left is not None else str(why.detail))
    else:
        raise why
    return _form(event, form, why.status)


def _form(event: Event, form: Form[Any], status: int = 200) -> Page:
    left = own_left(event.id) if identity().limited("comp") else None
    return Page(
        "boxoffice/comp_new.html", status, event=event, form=form, types=offered(offers(event), event.currency),
        purposes=[(one, one.capitalize()) for one in PURPOSES], left=left,
        needs_approval=left == 0 or bool(form.errors.get("approval")),
    )  # fmt: skip


@pages.get("/comps/<uuid:comp_id>", allow="comp.read")
def comp(comp_id: UUID) -> Answer:
    """Show a comp: who gave it and why, and its tickets."""
    return _page(rows(Comp).get(comp_id), blank())


@pages.post("/comps/<uuid:comp_id>/void", allow="ticket.void")
def void_comp(comp_id: UUID) -> Answer:
    """Void what is left of a comp: its places can be given or sold again."""
    found = rows(Comp).get(comp_id)
    form = read(VoidForm, request.form)
    form.values.pop("pin", None)
    if not form.ok:
        return _page(found, form, 422)
    try:
        member = approved_by("ticket.void") if identity().limited("ticket.void") and approval_given() else None
        with db.session.begin_nested(), because(form.model.reason):
            _void(found, form.model.reason, member.name if member else None)
    except Problem as why:
        if why.type not in APPROVAL:
            raise
        form.refuse("approval", f"{why.title}. {why.detail}")
        return _page(found, form, why.status)
    return Redirect("boxoffice.comp", comp_id=found.id)


def _void(found: Comp, reason: str, approver: str | None) -> None:
    live = tuple(one.ticket.id for one in show(tickets_of(found.checkout)) if one.void is None)
    refund_once(
        RefundCheckout(
            found.checkout_id, "void", reason, f"comp:{found.id}:{len(live)}", live,
            limited=identity().limited("ticket.void") and approver is None, approved_by=approver,
        )
    )  # fmt: skip


def _page(found: Comp, form: Form[Any], status: int = 200) -> Page:
    shown = show(tickets_of(found.checkout))
    live = sum(one.void is None for one in shown)
    return Page("boxoffice/comp.html", status, comp=found, event=found.event, shown=shown, live=live, form=form)
