"""Taking money that nobody outside is asked for: cash, and what a card machine has approved."""

from __future__ import annotations

from uuid import UUID

from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.price import cash_part
from voelgoed.foundation.database import db
from voelgoed.foundation.web import Problem
from voelgoed.payments.capture import Tender, capture_cash, cash_step
from voelgoed.payments.payment import Charge, Payment


def take_here(
    checkout: Checkout, tender: Tender, cents: int, *, number: int, key: str, shift_id: UUID, attempt: int = 1
) -> Payment:
    """Take so much of a checkout into a drawer that is kept open; raises Problem 422 `too_little` for less cash."""
    if tender.gateway == "card":
        return _card(checkout, tender, cents, number, key, shift_id, attempt)
    if tender.tendered_cents is not None and tender.tendered_cents < cash_part(cents, cash_step()):
        raise Problem(422, "too_little", "That is less than what is due", "Nothing was changed.")
    placed = Tender("cash", cents, tender.tendered_cents, shift_id)
    return capture_cash(checkout, placed, amount_cents=cents, attempt=attempt, number=number, key=key)


def _card(
    checkout: Checkout, tender: Tender, cents: int, number: int, key: str, shift_id: UUID, attempt: int
) -> Payment:
    charge = Charge(
        checkout_id=checkout.id, attempt=attempt, tender=number, gateway="card", key=key, shift_id=shift_id,
        machine_id=tender.machine_id, reference=tender.reference, amount_cents=cents, currency=checkout.currency,
    )  # fmt: skip
    db.session.add(charge)
    db.session.flush()
    row = Payment(
        checkout_id=checkout.id, charge_id=charge.id, shift_id=shift_id, attempt=attempt, tender=number,
        gateway="card", key=key, amount_cents=cents, reference=tender.reference,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row
