"""What fees come to on an order; no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from voelgoed.checkout.fee import Fee
from voelgoed.checkout.order import Wanted
from voelgoed.checkout.price import included_vat, share_of


@dataclass(frozen=True)
class Levied:
    """A fee on one line of tickets (by its type), or on the whole sale; cents, VAT included."""

    fee: Fee
    type_id: UUID | None
    quantity: int
    unit_cents: int | None
    total_cents: int

    @property
    def vat_cents(self) -> int:
        """The VAT inside it."""
        return included_vat(self.total_cents, self.fee.vat_rate_bp)


def levy(fees: Iterable[Fee], lines: Sequence[Wanted], channel: str) -> list[Levied]:
    """Return what an order bears where it is sold, discounts taken off before: a share is one of what is paid."""
    here = ("both", "api" if channel == "api" else "till")
    asked = [fee for fee in fees if fee.channel in here]
    return [one for fee in asked for one in _levied(fee, lines) if one.total_cents]


def _levied(fee: Fee, lines: Sequence[Wanted]) -> list[Levied]:
    paid = [line for line in lines if line.total_cents]
    if fee.per == "sale":
        return [_of(fee, None, 1, sum(line.total_cents for line in paid))] if paid else []
    return [_of(fee, line.type.id, line.quantity, line.total_cents) for line in paid]


def _of(fee: Fee, type_id: UUID | None, quantity: int, on_cents: int) -> Levied:
    if fee.kind == "amount":
        return Levied(fee, type_id, quantity, fee.amount_cents, fee.amount_cents * quantity)
    return Levied(fee, type_id, quantity, None, share_of(on_cents, fee.percent_bp))
