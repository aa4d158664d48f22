"""What a sale and a void are in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Venue
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.checkout.price import included_vat
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.ledger.chart import ROUNDING, cash_of, sales_at, vat_at
from voelgoed.ledger.entry import JournalEntry
from voelgoed.ledger.post import Line, post
from voelgoed.payments.payment import Refund
from voelgoed.ticketing.ticket import Ticket, TicketVoid


def book_sale(checkout: Checkout, *, rounding_cents: int, at: datetime) -> JournalEntry:
    """Book a cash sale: cash and rounding against sales and VAT by rate.

    VAT is on the unrounded amount (each line's own), whatever the cash came to.
    """
    lines = [
        Line(cash_of(checkout.event_id), checkout.total_cents - rounding_cents),
        Line(ROUNDING, rounding_cents),
    ]
    for sold in children(checkout, CheckoutLine).all():
        lines += _earned(sold.vat_rate_bp, -sold.total_cents, -sold.vat_cents)
    return post("sale", checkout, lines, currency=checkout.currency, timezone=timezone_of(checkout.event_id),
                words=f"Sale of {checkout.total_cents} {checkout.currency} cents in cash", at=at)  # fmt: skip


def book_void(void: TicketVoid, ticket: Ticket, checkout: Checkout, refund: Refund, left: int) -> JournalEntry:
    """Book that a ticket's price was given back in cash; `left` tickets of its line are still valid.

    The VAT given back is the VAT of what the line was, less the VAT of what it now is. When the sale was this one
    ticket, the entry names the sale's as what it reverses.
    """
    line = children(checkout, CheckoutLine).get(ticket.checkout_line_id)
    rate, unit = line.vat_rate_bp, line.unit_cents
    vat = included_vat(unit * (left + 1), rate) - included_vat(unit * left, rate)
    lines = [
        Line(cash_of(checkout.event_id), refund.rounding_cents - refund.amount_cents),
        Line(ROUNDING, -refund.rounding_cents),
        *_earned(rate, unit, vat),
    ]
    whole = unit == checkout.total_cents and line.quantity == 1
    return post("void", void, lines, currency=checkout.currency, timezone=timezone_of(checkout.event_id),
                words=f"Void of ticket {ticket.serial}", at=refund.created_at,
                reverses=_sale_of(checkout) if whole else None)  # fmt: skip


def _earned(rate_bp: int, cents: int, vat_cents: int) -> Iterable[Line]:
    return Line(sales_at(rate_bp), cents - vat_cents), Line(vat_at(rate_bp), vat_cents)


def _sale_of(checkout: Checkout) -> UUID | None:
    return db.session.scalar(
        select(JournalEntry.id).where(
            JournalEntry.kind == "sale", JournalEntry.source_kind == "checkout", JournalEntry.source_id == checkout.id
        )
    )


def timezone_of(event_id: UUID) -> str:
    """Return the time zone of an event's venue, which says its trading day."""
    statement = select(Venue.timezone).join(Event, Event.venue_id == Venue.id).where(Event.id == event_id)
    return str(db.session.scalars(statement.execution_options(include_archived=True)).one())
