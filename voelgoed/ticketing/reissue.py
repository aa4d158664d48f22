"""Reissuing a ticket: a new code, and the old one scans as void."""

from __future__ import annotations

from sqlalchemy import select

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.signals import announce
from voelgoed.foundation.tenancy import because, children, current_scope
from voelgoed.foundation.web import Problem
from voelgoed.ticketing.code import minute_of
from voelgoed.ticketing.keys import active_key
from voelgoed.ticketing.ticket import Reissue, Ticket, TicketVoid

MOST_VERSIONS = 255


def lock_ticket(ticket: Ticket) -> Ticket:
    """Hold a ticket to the commit, and read it as it then is.

    Wholly, so that an admission's foreign key waits for it: the gate then sees a void that is just being committed.
    """
    held = select(Ticket).where(Ticket.id == ticket.id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def reissue(ticket: Ticket, reason: str) -> Reissue:
    """Raise a ticket's code version, signed by the event's active key; announces `ticket.reissued`.

    Raises Problem 409 for a void ticket, or one whose 255 versions are used up.
    """
    ticket = lock_ticket(ticket)
    if children(ticket, TicketVoid).first() is not None:
        raise Problem(409, "already_void", "This ticket is void", "A void ticket gets no new code. Sell a new one.")
    if ticket.code_version >= MOST_VERSIONS:
        raise Problem(409, "no_more_versions", "Reissued too often", "Void this ticket and sell a new one.")
    with because(reason):
        ticket.code_version += 1
        ticket.signing_key_id = active_key(ticket.event_id).id
        ticket.issued_minute = minute_of(now())
    row = Reissue(ticket_id=ticket.id, version=ticket.code_version, reason=reason, actor=current_scope().actor.label)
    db.session.add(row)
    db.session.flush()
    announce("ticket.reissued", ticket_id=ticket.id, event_id=ticket.event_id, version=ticket.code_version)
    return row
