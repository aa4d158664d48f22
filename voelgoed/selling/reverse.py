"""Reversing: the seller takes a sale back at once, as if it had not been; later it is cancelled or refunded."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from voelgoed.checkout.checkout import Checkout, CheckoutOutcome
from voelgoed.checkout.state import lock
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, current_scope
from voelgoed.foundation.web import Problem
from voelgoed.payments.payment import Payment, Return
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.selling.told import tickets_of
from voelgoed.tills.own_shift import own_shift

WITHIN = timedelta(minutes=10)
REASON = "reversed by its seller"
INSTEAD = " Nothing was changed. Refund it instead."


def reversal_of(checkout: Checkout, key: str) -> RefundCheckout:
    """Say what a reversal takes back: all of it."""
    tickets = tuple(one.id for one in tickets_of(checkout))
    return RefundCheckout(checkout.id, "reverse", REASON, key, tickets)


def reverse(checkout: Checkout, key: str) -> Return:
    """Reverse a sale: by its seller, in the open shift that took its money, within ten minutes, nothing scanned.

    Again under the same key it is done once. Raises Problem: 409 not_paid, not_yours, other_shift, too_late or
    already_void; 403 admitted.
    """
    lock(checkout.id)
    if (why := why_not_reversed(checkout)) is not None:
        raise Problem(409, *why)
    return refund_once(reversal_of(checkout, key))


def why_not_reversed(checkout: Checkout) -> tuple[str, str, str] | None:
    """Say why the acting person may not reverse a sale (word, title, what to do), or None when they may."""
    paid_at = db.session.scalar(
        select(CheckoutOutcome.created_at).where(
            CheckoutOutcome.checkout_id == checkout.id, CheckoutOutcome.kind == "paid"
        )
    )
    if paid_at is None:
        return "not_paid", "This sale is not paid", "There is nothing to give back."
    if checkout.seller_id is None or checkout.seller_id != current_scope().actor.id:
        return "not_yours", "Somebody else sold this", "Only its seller reverses a sale." + INSTEAD
    if db.session.scalar(select(func.clock_timestamp() - paid_at > WITHIN)):
        return "too_late", "Too late to reverse", "A sale is reversed within ten minutes." + INSTEAD
    shift = own_shift()
    shifts = {one.shift_id for one in children(checkout, Payment) if one.shift_id is not None}
    if shift is None or shifts - {shift.id}:
        return "other_shift", "Not in this shift", "It is reversed in the open shift that took its money." + INSTEAD
    return None
