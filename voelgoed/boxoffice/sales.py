"""Sales at the box office: the list, one sale, its receipt, its codes large."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import and_, select

from voelgoed.boxoffice.invoice_paper import invoice_of
from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.shown import show
from voelgoed.catalog.event import Event
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.clerk_discount import ClerkDiscount
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Page, Redirect, identity
from voelgoed.payments.payment import Payment, Refund, RefundEnd, Return, stands
from voelgoed.selling.fees_told import fees_told
from voelgoed.selling.give_comp import comp_of
from voelgoed.selling.invoice import CreditNote
from voelgoed.selling.reverse import why_not_reversed
from voelgoed.selling.told import as_it_stands, change_of, lines_of, tickets_of

PAGE_SIZE = 50


@pages.get("/events/<uuid:event_id>/sales", allow="sale.read")
def sales(event_id: UUID) -> Answer:
    """List an event's sales, the newest first; `before` is the number that the next page begins under."""
    event = rows(Event).get(event_id)
    listed = children(event, Checkout).filter(Checkout.number.is_not(None)).order_by(Checkout.number.desc())
    before = request.args.get("before", type=int)
    if before is not None and 0 < before < 2**31:
        listed = listed.filter(Checkout.number < before)
    found = listed.limit(PAGE_SIZE + 1).all()
    more = found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None
    return Page("boxoffice/sales.html", event=event, sales=found[:PAGE_SIZE], before=more)


@pages.get("/sales/<uuid:checkout_id>", allow="sale.read")
def sale(checkout_id: UUID) -> Answer:
    """Show a sale: lines, money in and back, tickets."""
    found = rows(Checkout).get(checkout_id)
    if (comp := comp_of(found)) is not None:
        return Redirect("boxoffice.comp", comp_id=comp.id)
    reversible = identity().may("sale.reverse") and why_not_reversed(found) is None
    return Page("boxoffice/sale.html", reversible=reversible, **_told(found))


@pages.get("/checkouts/<uuid:checkout_id>/codes", allow="sell")
def codes(checkout_id: UUID) -> Answer:
    """Show a sale's codes large, for the customer's camera."""
    found = rows(Checkout).get(checkout_id)
    return Page("boxoffice/codes.html", sale=found, event=found.event, shown=show(tickets_of(found)))


def _refunds(found: Checkout) -> Sequence[tuple[Refund, Return, RefundEnd | None]]:
    """Return what went back, with its deed and, of money outside, how it ended."""
    statement = (
        select(Refund, Return, RefundEnd)
        .join(Return, Return.id == Refund.return_id)
        .outerjoin(RefundEnd, and_(RefundEnd.refund_id == Refund.id, stands()))
        .where(Refund.checkout_id == found.id)
        .order_by(Refund.created_at, Refund.id)
    )
    return [(refund, given, end) for refund, given, end in db.session.execute(statement)]


def _told(found: Checkout) -> dict[str, Any]:
    word, tickets = as_it_stands(found)
    invoice = invoice_of(found)
    return {
        "sale": found,
        "event": found.event,
        "venue": found.event.venue,
        "lines": lines_of(found),
        "fees": fees_told(found),
        "lowered": children(found, ClerkDiscount).one_or_none(),
        "payments": children(found, Payment).order_by(Payment.tender).all(),
        "refunds": _refunds(found),
        "invoice": invoice,
        "credit_notes": children(invoice, CreditNote).order_by(CreditNote.id).all() if invoice else [],
        "tickets": tickets,
        "shown": show(tickets),
        "word": word,
        "change_cents": change_of(found),
        "currency": found.currency,
    }
