"""What a sale and a void are in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Venue
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web.words import money
from voelgoed.ledger.chart import REFUNDS_PAYABLE, ROUNDING, cash_of, clearing_of, fees_at, kept_at, sales_at, vat_at
from voelgoed.ledger.entry import JournalEntry
from voelgoed.ledger.post import Kind, Line, post
from voelgoed.payments.payment import Payment, Refund, Return
from voelgoed.selling.sale import Earned, sale_of
from voelgoed.tills.own_shift import till_of

KINDS: dict[str, Kind] = {"void": "void", "exchange": "exchange", "reverse": "reversal"}
"""What the ledger calls a return; any other is a refund."""


@dataclass(frozen=True)
class Received:
    """Money that came in: through what, into which shift's drawer, and what of it (cents) cash rounded off."""

    gateway: str
    amount_cents: int
    rounding_cents: int
    shift_id: UUID | None


def book_sale(checkout: Checkout, *, at: datetime, received: Sequence[Received] | None = None) -> JournalEntry:
    """Book a sale: what each payment brought against sales, fees and VAT by rate.

    VAT is on the unrounded amount (each line's own), whatever the cash came to. `received`: its payments in order,
    else they are read.
    """
    received = _received_by(checkout) if received is None else received
    sale = sale_of(checkout.id)
    lines = [side for one in received for side in _received(one)]
    lines += [side for one in sale.earned for side in _earned(replace(one, cents=-one.cents, vat_cents=-one.vat_cents))]
    return post("sale", checkout, lines, currency=checkout.currency, timezone=sale.timezone,
                words=f"Sale of {money(checkout.total_cents, checkout.currency)}", at=at,
                shift_id=next((one.shift_id for one in received if one.shift_id), None))  # fmt: skip


def _received_by(checkout: Checkout) -> list[Received]:
    payments = children(checkout, Payment).order_by(Payment.tender)
    return [Received(one.gateway, one.amount_cents, one.rounding_cents, one.shift_id) for one in payments]


def _received(paid: Received) -> Iterable[Line]:
    if paid.gateway != "cash" or paid.shift_id is None:
        return (Line(clearing_of(paid.gateway), paid.amount_cents),)
    drawer = cash_of(till_of(paid.shift_id))
    return Line(drawer, paid.amount_cents - paid.rounding_cents), Line(ROUNDING, paid.rounding_cents)


def book_return(
    given: Return, refunds: Sequence[Refund], earned: Iterable[Earned], checkout: Checkout, words: str
) -> JournalEntry:
    """Book that something sold is no more: sales and VAT go back, what is kept of it becomes a charge.

    Cash leaves its drawer at once; money outside is owed until its refund was sent. When the return takes back a
    whole sale as it was booked, the entry names the sale's as what it reverses.
    """
    lines = [side for one in earned for side in _earned(one)]
    lines += [side for one in refunds for side in _given_back(one)]
    if given.kept_cents:
        rate = max(one.rate_bp for one in earned if not one.of_a_fee)
        kept = given.kept_cents - given.kept_vat_cents
        lines += [Line(kept_at(rate), -kept), Line(vat_at(rate), -given.kept_vat_cents)]
    mirrored = given.value_cents == checkout.total_cents and all(_same_drawer(one) for one in refunds)
    return post(KINDS.get(given.kind, "refund"), given, lines, currency=checkout.currency, words=words,
                timezone=timezone_of(checkout.event_id), at=given.created_at, shift_id=given.shift_id,
                reverses=_sale_of(checkout) if mirrored and not given.kept_cents else None)  # fmt: skip


def _same_drawer(refund: Refund) -> bool:
    """Say whether cash goes back into what took it: only then is the return the sale's mirror."""
    took = refund.payment.shift
    return refund.shift is not None and took is not None and refund.shift.till_id == took.till_id


def _given_back(refund: Refund) -> Iterable[Line]:
    if refund.shift is not None:
        owed = cash_of(refund.shift.till_id)
    else:
        owed = clearing_of("credit") if refund.gateway == "credit" else REFUNDS_PAYABLE
    return Line(owed, refund.rounding_cents - refund.amount_cents), Line(ROUNDING, -refund.rounding_cents)


def _earned(one: Earned) -> Iterable[Line]:
    heading = fees_at(one.rate_bp) if one.of_a_fee else sales_at(one.rate_bp)
    return Line(heading, one.cents - one.vat_cents), Line(vat_at(one.rate_bp), one.vat_cents)


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
