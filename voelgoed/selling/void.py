"""Voiding a ticket: it lets nobody in, its place is free again, its price is given back."""

from __future__ import annotations

from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.foundation.tenancy import children, current_scope, rows
from voelgoed.selling.refund_checkout import RefundCheckout, refund_checkout
from voelgoed.selling.voiding import free_places, hold_tickets, refuse_admitted, void_tickets
from voelgoed.ticketing.ticket import Ticket, TicketVoid


def void_ticket(ticket: Ticket, reason: str, *, limited: bool, approved_by: str | None = None) -> TicketVoid:
    """Void a ticket, give its price back, free its places; announces `ticket.voided`.

    `limited`: the person may do so only up to the organization's limit, and not once the ticket was admitted;
    `approved_by` names who allowed more.
    Raises Problem: 409 already_void or no_open_shift; 403 above_limit or admitted.
    """
    if ticket.checkout_line_id is None:
        _void_unsold(ticket, reason, limited)
    else:
        line = rows(CheckoutLine).get(ticket.checkout_line_id)
        asked = RefundCheckout(line.checkout_id, "void", reason, f"void:{ticket.id}", (ticket.id,), limited=limited,
                               approved_by=approved_by)  # fmt: skip
        refund_checkout.here(asked)
    return children(ticket, TicketVoid).one()


def _void_unsold(ticket: Ticket, reason: str, limited: bool) -> None:
    held = hold_tickets([ticket.id])
    if limited:
        refuse_admitted(held)
    void_tickets(held, "void", reason, current_scope().actor.label)
    free_places(held)
