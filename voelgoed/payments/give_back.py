"""Giving money back through what took it: outside first, cash from the drawer of whoever gives it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.price import rounded_off
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.payments.capture import cash_step
from voelgoed.payments.payment import Payment, Refund, Return
from voelgoed.tills.shift import Shift


def give_back(given: Return, checkout: Checkout, cents: int, shift: Shift | None) -> Sequence[Refund]:
    """Book the refunds of a return: `cents` of its sale go back, each payment up to what is left of it.

    Payments outside come first: money should return whence it came. The caller has locked the checkout and ends the
    refunds that reach outside. Raises ValueError when the sale does not hold that much any more (M5).
    """
    made: list[Refund] = []
    for payment, left in _left_of(checkout):
        part = min(left, cents)
        if part > 0:
            made.append(_refund(given, payment, part, left - part, shift))
            cents -= part
    if cents:
        raise ValueError(f"{cents} cents more than the sale still holds")
    db.session.add_all(made)
    db.session.flush()
    return made


def _left_of(checkout: Checkout) -> Sequence[tuple[Payment, int]]:
    """Return the payments with what was not given back of each, in cents; cash last."""
    back = dict(
        db.session.execute(
            select(Refund.payment_id, func.sum(Refund.amount_cents))
            .where(Refund.checkout_id == checkout.id)
            .group_by(Refund.payment_id)
        ).all()
    )
    paid = sorted(children(checkout, Payment), key=lambda one: (one.gateway == "cash", one.tender))
    return [(one, one.amount_cents - int(back.get(one.id, 0))) for one in paid]


def _refund(given: Return, payment: Payment, cents: int, stays: int, shift: Shift | None) -> Refund:
    """Make one refund; of cash, what stays is rounded as a sale of it would be: in parts or whole, all is returned."""
    cash = payment.gateway == "cash"
    return Refund(
        return_id=given.id, payment_id=payment.id, checkout_id=payment.checkout_id, gateway=payment.gateway,
        key=f"{given.key}:{payment.tender}", amount_cents=cents, reason=given.reason,
        shift_id=shift.id if cash and shift else None,
        rounding_cents=_rounding(payment, stays) if cash else 0,
    )  # fmt: skip


def _rounding(payment: Payment, stays: int) -> int:
    back = select(func.coalesce(func.sum(Refund.rounding_cents), 0)).where(Refund.payment_id == payment.id)
    keeps = payment.rounding_cents and rounded_off(stays, cash_step())
    return payment.rounding_cents - int(db.session.scalar(back) or 0) - keeps
