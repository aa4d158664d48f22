"""From an entry back to what it came from: the sale, the return, the payments, the shift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.ledger.entry import JournalEntry
from voelgoed.payments.payment import Payment, Refund, RefundEnd, RefundFailure, Return
from voelgoed.tills.shift import Shift


@dataclass(frozen=True)
class Origin:
    """The sale that an entry belongs to with its money in and out, and the shift; each may be missing."""

    checkout: Checkout | None = None
    payments: Sequence[Payment] = ()
    refunds: Sequence[Refund] = ()
    shift: Shift | None = None


def origin_of(entry: JournalEntry) -> Origin:
    """Return what an entry came from."""
    shift = db.session.scalar(select(Shift).where(Shift.id == entry.shift_id)) if entry.shift_id else None
    checkout_id = _checkout_of(entry.source_kind, entry.source_id)
    checkout = db.session.scalar(select(Checkout).where(Checkout.id == checkout_id)) if checkout_id else None
    if checkout is None:
        return Origin(shift=shift)
    refunds = children(checkout, Refund).order_by(Refund.id).all()
    return Origin(checkout, children(checkout, Payment).order_by(Payment.tender).all(), refunds, shift)


def _checkout_of(kind: str, source_id: UUID) -> UUID | None:
    if kind == "checkout":
        return source_id
    if kind == "return":
        return db.session.scalar(select(Return.checkout_id).where(Return.id == source_id))
    if kind == "refund_end":
        ended = select(Refund.checkout_id).join(RefundEnd, RefundEnd.refund_id == Refund.id)
        return db.session.scalar(ended.where(RefundEnd.id == source_id))
    if kind == "refund_failure":
        failed = select(Refund.checkout_id).join(RefundEnd, RefundEnd.refund_id == Refund.id)
        came_back = failed.join(RefundFailure, RefundFailure.refund_end_id == RefundEnd.id)
        return db.session.scalar(came_back.where(RefundFailure.id == source_id))
    return None
