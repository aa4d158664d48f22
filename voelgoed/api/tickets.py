"""Tickets by a program: void one."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel

from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Api, Json, identity
from voelgoed.foundation.web.once import once
from voelgoed.selling.asked import ReasonAsked
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.ticket import Ticket, TicketVoid

api = Api("tickets", __name__)


class VoidOut(BaseModel):
    """The void of a ticket: final."""

    id: UUID
    ticket_id: UUID
    serial: str
    voided_at: str


@api.call("POST", "/tickets/<uuid:ticket_id>/void", allow="ticket.void", body=ReasonAsked, answers={200: VoidOut})
def void(ticket_id: UUID, body: ReasonAsked) -> Answer:
    """Void a ticket with a reason: it lets nobody in, its place is free, its price is given back."""
    ticket = rows(Ticket).get(ticket_id)
    claimed = once(body)
    if claimed is not None and claimed.reference:
        return Json(_told(ticket, children(ticket, TicketVoid).one()))
    made = void_ticket(ticket, body.reason, limited=identity().limited("ticket.void"))
    if claimed is not None:
        claimed.keep(void_id=str(made.id))
    return Json(_told(ticket, made))


def _told(ticket: Ticket, void: TicketVoid) -> dict[str, str]:
    return {
        "id": str(void.id),
        "ticket_id": str(ticket.id),
        "serial": ticket.serial,
        "voided_at": void.created_at.isoformat(),
    }
