"""Writing down money that came in from outside, with the transaction that makes the tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from voelgoed.foundation.database import db
from voelgoed.payments.intend import charges_of
from voelgoed.payments.payment import Payment


@dataclass(frozen=True)
class Charged:
    """One payment: its amount, what rounding left to the buyer, and what went back as change, in cents.

    Money from outside has the processor's `reference` (a card machine: the slip's) and is a Payment only later.
    """

    payment_id: UUID | None
    amount_cents: int
    rounding_cents: int
    change_cents: int
    at: datetime
    reference: str | None = None


def receive(checkout_id: UUID, attempt: int, charged: list[Charged]) -> None:
    """Write the payments of an attempt's charges; `charged` is in the order of its tenders."""
    for charge in charges_of(checkout_id, attempt):
        came = charged[charge.tender - 1]
        db.session.add(
            Payment(
                checkout_id=checkout_id, charge_id=charge.id, shift_id=charge.shift_id, attempt=attempt,
                tender=charge.tender, gateway=charge.gateway, key=charge.key, amount_cents=came.amount_cents,
                reference=came.reference,
            )
        )  # fmt: skip
    db.session.flush()
