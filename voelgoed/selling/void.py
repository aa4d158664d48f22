"""Voiding a ticket: it lets nobody in, its place is free again, its price is given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.checkout.availability import tell_availability
from voelgoed.checkout.checkout import Checkout, CheckoutLine, Hold, HoldEnd, HoldLine
from voelgoed.checkout.pools import move
from voelgoed.checkout.price import included_vat
from voelgoed.checkout.state import lock
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.signals import announce
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.payments.give_back import give_back
from voelgoed.payments.payment import Return
from voelgoed.selling.book import Earned, book_return
from voelgoed.ticketing.entered import has_entered
from voelgoed.ticketing.reissue import lock_ticket
from voelgoed.ticketing.ticket import Ticket, TicketVoid
from voelgoed.tills.own_shift import need_own_shift


def void_ticket(ticket: Ticket, reason: str, *, limited: bool) -> TicketVoid:
    """Void a ticket, give its price back in cash, free its places; announces `ticket.voided`.

    `limited`: the person may do so only up to the organization's limit, and not once the ticket was admitted.
    Raises Problem: 409 already_void or no_open_shift; 403 above_limit or admitted.
    """
    line = rows(CheckoutLine).get(ticket.checkout_line_id) if ticket.checkout_line_id else None
    # The sale first, then the ticket: two voids of one sale take turns, so that VAT and rounding add up.
    checkout = lock(line.checkout_id) if line else None
    ticket = lock_ticket(ticket)
    _refuse_if(limited, ticket, line.unit_cents if line else 0)
    void = _write(ticket, reason)
    if line is not None and checkout is not None:
        _give_back(void, ticket, line, checkout)
    announce("ticket.voided", ticket_id=ticket.id, event_id=ticket.event_id)
    point("void.before_pools")
    move(_places(ticket))
    tell_availability(ticket.event_id)
    return void


def _refuse_if(limited: bool, ticket: Ticket, cents: int) -> None:
    if not limited:
        return
    own = select(Organization.box_office_void_limit_cents)
    if has_entered(ticket.id):
        raise Problem(403, "admitted", "Somebody went in with this ticket", "Only a manager may void it.")
    if cents > db.session.scalars(own).one():
        raise Problem(403, "above_limit", "Above your limit", "Nothing was changed. Ask a manager to void it.")


def _write(ticket: Ticket, reason: str) -> TicketVoid:
    values = {"ticket_id": ticket.id, "cause": "void", "reason": reason, "actor": current_scope().actor.label}
    statement = insert(TicketVoid).values(**values).on_conflict_do_nothing().returning(TicketVoid)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise Problem(409, "already_void", "This ticket is void already", "Nothing was changed, nothing refunded.")
    return found


def _give_back(void: TicketVoid, ticket: Ticket, line: CheckoutLine, checkout: Checkout) -> None:
    """Give a ticket's price back; the VAT given back is what the line's was, less what it is of the rest."""
    if not line.unit_cents:
        return
    shift = need_own_shift()
    voided = (
        select(func.count())
        .select_from(TicketVoid)
        .join(Ticket, Ticket.id == TicketVoid.ticket_id)
        .where(Ticket.checkout_line_id == line.id)
    )
    left, rate = line.quantity - (db.session.scalar(voided) or 0), line.vat_rate_bp
    vat = included_vat(line.unit_cents * (left + 1), rate) - included_vat(line.unit_cents * left, rate)
    given = Return(
        checkout_id=checkout.id, shift_id=shift.id, key=f"void:{ticket.id}", kind="void", reason=void.reason,
        value_cents=line.unit_cents, vat_cents=vat, actor=current_scope().actor.label,
    )  # fmt: skip
    db.session.add(given)
    db.session.flush()
    refunds = give_back(given, checkout, line.unit_cents, shift)
    book_return(given, refunds, [Earned(rate, line.unit_cents, vat)], checkout, f"Void of ticket {ticket.serial}")


def _places(ticket: Ticket) -> Mapping[UUID, int]:
    """Return the move that frees the ticket's places: in the pools that its sale took them from."""
    sold_from = (
        select(HoldLine.pool_id)
        .join(Hold, Hold.id == HoldLine.hold_id)
        .join(HoldEnd, HoldEnd.hold_id == Hold.id)
        .where(HoldLine.checkout_line_id == ticket.checkout_line_id, HoldEnd.how == "converted")
    )
    return Counter(dict.fromkeys(db.session.scalars(sold_from), -ticket.bodies))
