"""What may be done to a ticket: given another holder, reissued, or voided; each with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from flask import request
from pydantic import BaseModel, ConfigDict, StringConstraints

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.tickets import ticket_page
from voelgoed.foundation.tenancy import because, rows
from voelgoed.foundation.web import Answer, Problem, Redirect, identity, read
from voelgoed.selling.asked import NO_NULLS, Reason
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.reissue import reissue
from voelgoed.ticketing.ticket import Ticket
from voelgoed.tills.approval import approval_given, approved_by

WANTS_APPROVAL = ("above_limit", "admitted", "wrong_pin", "pin_locked", "not_at_a_till")
"""Refusals that somebody with the deed can lift, or that come of their trying."""
Holder = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=NO_NULLS)]


class ReasonForm(BaseModel):
    """Why it is done; the trail keeps it."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason


class HolderForm(ReasonForm):
    """Who the ticket is for now, and why."""

    holder: Holder


class VoidForm(ReasonForm):
    """Why; and above one's limit, who approves it by PIN."""

    staff_number: str | None = None
    pin: str | None = None


@pages.post("/tickets/<uuid:ticket_id>/reissues", allow="ticket.reissue")
def reissue_ticket(ticket_id: UUID) -> Answer:
    """Give the ticket a new code; the old one scans as void."""
    return _do(ticket_id, ReasonForm, lambda found, reason: reissue(found, reason))


@pages.post("/tickets/<uuid:ticket_id>/holder", allow="ticket.reissue")
def rename_holder(ticket_id: UUID) -> Answer:
    """Put another name on the ticket; its code stays as it is."""
    found = rows(Ticket).get(ticket_id)
    form = read(HolderForm, request.form)
    if not form.ok:
        return ticket_page(found, form, 422)
    with because(form.model.reason):
        found.holder = form.model.holder
    return Redirect("boxoffice.ticket", ticket_id=ticket_id)


@pages.post("/tickets/<uuid:ticket_id>/void", allow="ticket.void")
def void(ticket_id: UUID) -> Answer:
    """Void the ticket and give its price back; above the limit a manager approves it, on the same page."""
    return _do(ticket_id, VoidForm, _void)


def _void(found: Ticket, reason: str) -> None:
    limited = identity().limited("ticket.void")
    approver = approved_by("ticket.void").name if limited and approval_given() else None
    with because(reason):
        void_ticket(found, reason, limited=limited and approver is None, approved_by=approver)


def _do(ticket_id: UUID, asked: type[ReasonForm], deed: Callable[[Ticket, str], object]) -> Answer:
    found = rows(Ticket).get(ticket_id)
    form = read(asked, request.form)
    form.values.pop("pin", None)
    if not form.ok:
        return ticket_page(found, form, 422)
    try:
        deed(found, form.model.reason)
    except Problem as problem:
        if problem.type not in WANTS_APPROVAL:
            raise
        form.refuse("approval", f"{problem.title}. {problem.detail}")
        return ticket_page(found, form, problem.status)
    return Redirect("boxoffice.ticket", ticket_id=ticket_id)
