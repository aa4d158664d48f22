"""Capturing money: at this time cash only, whose remainder is rounded down."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.price import cash_part, rounded_off
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.payments.payment import Payment, Refund


@dataclass(frozen=True)
class Tender:
    """Money that is offered: `amount_cents` of the sale through a gateway; for cash also what was handed over."""

    gateway: str
    amount_cents: int
    tendered_cents: int | None = None


def cash_step() -> int:
    """Return the organization's smallest coin in cents."""
    statement = select(Organization.cash_rounding_cents)
    return int(db.session.scalars(statement).one())


def why_not(total_cents: int, step: int, tenders: list[Tender]) -> str | None:
    """Say in a word why these tenders do not pay for a sale, or None when they do.

    A free sale takes none; any other takes one cash payment of the total, or of what the total is in cash.
    """
    if total_cents == 0:
        return "nothing_to_pay" if tenders else None
    if len(tenders) != 1:
        return "one_payment"
    due = cash_part(total_cents, step)
    if tenders[0].amount_cents not in (total_cents, due):
        return "wrong_amount"
    return "too_little" if _handed(tenders[0], due) < due else None


def _handed(tender: Tender, due: int) -> int:
    return due if tender.tendered_cents is None else tender.tendered_cents


def capture_cash(checkout: Checkout, tender: Tender, *, attempt: int, key: str) -> Payment:
    """Book that cash was taken for a checkout; the change is what was handed over above what is due in cash."""
    step = cash_step()
    due = cash_part(checkout.total_cents, step)
    handed = _handed(tender, due)
    row = Payment(
        checkout_id=checkout.id, attempt=attempt, tender=1, gateway="cash", key=key,
        amount_cents=checkout.total_cents, rounding_cents=rounded_off(checkout.total_cents, step),
        tendered_cents=handed, change_cents=handed - due,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def refund_cash(checkout: Checkout, cents: int, *, key: str, reason: str) -> Refund | None:
    """Book that `cents` of a sale are given back in cash; None when the sale took no money.

    What stays with us is rounded as a sale of that amount would be, so that a sale refunded whole, in whatever
    parts, returns exactly what was paid. The caller has locked the checkout.
    """
    payment = db.session.scalars(select(Payment).where(Payment.checkout_id == checkout.id)).one_or_none()
    if payment is None or cents == 0:
        return None
    back = select(
        func.coalesce(func.sum(Refund.amount_cents), 0), func.coalesce(func.sum(Refund.rounding_cents), 0)
    ).where(Refund.checkout_id == checkout.id)
    amount, rounding = (int(one) for one in db.session.execute(back).one())
    stays = payment.amount_cents - amount - cents
    keeps = payment.rounding_cents and rounded_off(stays, cash_step())
    row = Refund(
        payment_id=payment.id, checkout_id=checkout.id, key=key, amount_cents=cents, reason=reason,
        rounding_cents=payment.rounding_cents - rounding - keeps,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row
