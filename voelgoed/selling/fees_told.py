"""What is told of a sale's fees: by name, whatever lines bore them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.fee import CheckoutFee, fees_of
from voelgoed.foundation.database import db
from voelgoed.payments.payment import Return
from voelgoed.payments.return_fee import ReturnFee


@dataclass(frozen=True)
class FeeTold:
    """One fee of a sale: `unit_cents` is None for a share of the price."""

    name: str
    quantity: int
    unit_cents: int | None
    total_cents: int
    vat_rate_bp: int
    vat_cents: int


def fees_told(checkout: Checkout) -> list[FeeTold]:
    """Return a sale's fees by name, those of its lines added up."""
    groups = groupby(sorted(fees_of(checkout), key=_of), _of)
    return [_sum(list(rows)) for _, rows in groups]


def _of(row: CheckoutFee) -> tuple[str, UUID]:
    return row.name, row.fee_id


def _sum(rows: Sequence[CheckoutFee]) -> FeeTold:
    first = rows[0]
    return FeeTold(
        first.name, sum(one.quantity for one in rows), first.unit_cents, sum(one.total_cents for one in rows),
        first.vat_rate_bp, sum(one.vat_cents for one in rows),
    )  # fmt: skip


def fees_returned(given: Return) -> Sequence[tuple[str, int]]:
    """Return what a return gave back of each fee: name and cents, in order of name."""
    statement = (
        select(CheckoutFee.name, func.sum(ReturnFee.value_cents))
        .join(ReturnFee, ReturnFee.checkout_fee_id == CheckoutFee.id)
        .where(ReturnFee.return_id == given.id)
        .group_by(CheckoutFee.fee_id, CheckoutFee.name)
        .order_by(CheckoutFee.name)
    )
    return [(name, int(cents)) for name, cents in db.session.execute(statement)]
