"""Giving money back through what took it: outside first, cash from the drawer of whoever gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.price import rounded_off
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Problem
from voelgoed.payments.capture import cash_step
from voelgoed.payments.payment import Payment, Refund, Return


@dataclass(frozen=True)
class Source:
    """What a payment still holds, and through which payment it goes back: for a credit, the one that it came from."""

    payment: Payment
    origin: Payment
    cents: int


def give_back(given: Return, checkout: Checkout, cents: int, credit_cents: int = 0) -> Sequence[Refund]:
    """Book the refunds of a return: `cents` of its sale go back, each payment up to what is left of it.

    Payments outside come first: money should return whence it came. `credit_cents` of it stay here, as a credit for
    another sale. The caller has locked the checkout and sends what goes outside. Raises Problem 409 `too_much` when
    the sale does not hold that much any more (M5), `no_open_shift` for cash without a drawer.
    """
    made: list[Refund] = []
    for amount, as_credit in ((cents - credit_cents, False), (credit_cents, True)):
        for source in sources(checkout) if amount else ():
            part = min(source.cents, amount)
            if part > 0:
                made.append(_refund(given, source, part, as_credit))
                amount -= part
        if amount:
            raise Problem(409, "too_much", "More than the sale still holds", "Nothing was given back.")
    return made


def sources(checkout: Checkout) -> list[Source]:
    """Return what a sale's payments still hold, in the order in which it goes back; cash last."""
    paid = [one for payment in children(checkout, Payment) for one in _sources(payment)]
    return sorted(paid, key=lambda one: (one.origin.gateway == "cash", one.payment.tender, one.origin.id))


def _sources(payment: Payment) -> list[Source]:
    own = select(Refund.origin_id, func.sum(Refund.amount_cents)).where(Refund.payment_id == payment.id)
    back = {origin: int(cents) for origin, cents in db.session.execute(own.group_by(Refund.origin_id))}
    if payment.gateway != "credit":
        return [Source(payment, payment, payment.amount_cents - sum(back.values()))]
    return [Source(payment, origin, cents - back.get(origin.id, 0)) for origin, cents in _origins(payment)]


def _origins(credit: Payment) -> list[tuple[Payment, int]]:
    """Return the payments that a credit came from, with what each gave: a credit names its return."""
    origin = func.coalesce(Refund.origin_id, Refund.payment_id)
    statement = (
        select(Payment, func.sum(Refund.amount_cents - Refund.rounding_cents))
        .join(Refund, origin == Payment.id)
        .where(Refund.return_id == UUID(credit.reference), Refund.gateway == "credit")
        .group_by(Payment.organization_id, Payment.id)
    )
    return [(payment, int(cents)) for payment, cents in db.session.execute(statement)]


def _refund(given: Return, source: Source, cents: int, as_credit: bool) -> Refund:
    """Make one refund; of cash, what stays is rounded as a sale of it would be: in parts or whole, all is returned."""
    gateway = "credit" if as_credit else source.origin.gateway
    if gateway == "cash" and given.shift_id is None:
        raise Problem(
            409, "no_open_shift", "You have no open shift",
            "Nothing was given back. Open a shift at a till first: the cash comes out of its drawer.",
        )  # fmt: skip
    payment, origin = source.payment, source.origin
    row = Refund(
        return_id=given.id, payment_id=payment.id, checkout_id=payment.checkout_id, gateway=gateway,
        key=":".join([given.key, str(payment.tender), *([] if origin is payment else [str(origin.id)]), gateway]),
        amount_cents=cents, reason=given.reason, origin_id=None if origin is payment else origin.id,
        shift_id=given.shift_id if gateway == "cash" else None,
        rounding_cents=_rounding(source, cents) if payment.gateway == "cash" or gateway == "cash" else 0,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _rounding(source: Source, cents: int) -> int:
    if source.payment.gateway != "cash":
        return rounded_off(cents, cash_step())
    back = select(func.coalesce(func.sum(Refund.rounding_cents), 0)).where(Refund.payment_id == source.payment.id)
    keeps = rounded_off(source.cents - cents, cash_step())
    return source.payment.rounding_cents - int(db.session.scalar(back) or 0) - keeps
