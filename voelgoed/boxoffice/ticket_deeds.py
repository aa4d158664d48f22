"""What may be done to a ticket: reissued, or voided; each with a reason."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import request
from pydantic import BaseModel, ConfigDict

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.tickets import ticket_page
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Redirect, identity, read
from voelgoed.selling.asked import Reason
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.reissue import reissue
from voelgoed.ticketing.ticket import Ticket


class ReasonForm(BaseModel):
    """Why it is done; the trail keeps it."""

    model_config = ConfigDict(extra="forbid")
    reason: Reason


@pages.post("/tickets/<uuid:ticket_id>/reissues", allow="ticket.reissue")
def reissue_ticket(ticket_id: UUID) -> Answer:
    """Give the ticket a new code; the old one scans as void."""
    return _do(ticket_id, lambda found, reason: reissue(found, reason))


@pages.post("/tickets/<uuid:ticket_id>/void", allow="ticket.void")
def void(ticket_id: UUID) -> Answer:
    """Void the ticket and give its price back."""
    limited = identity().limited("ticket.void")
    return _do(ticket_id, lambda found, reason: void_ticket(found, reason, limited=limited))


def _do(ticket_id: UUID, deed: Callable[[Ticket, str], object]) -> Answer:
    found = rows(Ticket).get(ticket_id)
    form = read(ReasonForm, request.form)
    if not form.ok:
        return ticket_page(found, form, 422)
    deed(found, form.model.reason)
    return Redirect("boxoffice.ticket", ticket_id=ticket_id)
