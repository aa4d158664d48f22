"""What an order comes to: its lines, less a code, less what the clerk takes off, and the fees on that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from voelgoed.catalog.event import Event
from voelgoed.checkout.clerk_discount import ClerkDiscount, Lowering
from voelgoed.checkout.discount import Discount, need_code, take_off, use
from voelgoed.checkout.fee import CheckoutFee
from voelgoed.checkout.levy import Levied, levy
from voelgoed.checkout.order import MOST_AT_A_TILL, MOST_OF_A_GROUP, Lines, Wanted, read_order
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import current_scope


@dataclass(frozen=True)
class Lowered:
    """What a clerk took off the lines: cents, of how many, and who else allowed it."""

    asked: Lowering
    off_cents: int
    before_cents: int
    approved_by: str | None


@dataclass(frozen=True)
class Priced:
    """An order at this moment: lines with all discounts in them, fees, and where the discounts come from."""

    lines: list[Wanted]
    fees: list[Levied]
    code: Discount | None = None
    code_cents: int = 0
    clerk: Lowered | None = None

    @property
    def fees_cents(self) -> int:
        """All fees."""
        return sum(one.total_cents for one in self.fees)

    @property
    def total_cents(self) -> int:
        """What is to be paid."""
        return sum(line.total_cents for line in self.lines) + self.fees_cents


def price(
    event: Event, asked: Lines, channel: str, *, code: str | None, lowering: Lowering | None, fees: bool
) -> Priced:
    """Price an order at this moment; `fees` False asks none.

    Raises Problem: 404 for what is not of this event, 422 `no_such_code`, and what `lowering.allow` raises.
    """
    order = read_order(event, asked, MOST_OF_A_GROUP if channel == "group" else MOST_AT_A_TILL)
    discount = need_code(event, code) if code else None
    lines = discount.lower(order.lines) if discount else order.lines
    code_cents = sum(line.discount_cents for line in lines)
    lowered = _lowered(lines, lowering) if lowering else None
    if lowered is not None:
        lines = take_off(lowered.off_cents, lines)
    return Priced(lines, levy(order.fees if fees else [], lines, channel), discount, code_cents, lowered)


def _lowered(lines: list[Wanted], asked: Lowering) -> Lowered | None:
    before = sum(line.total_cents for line in lines)
    off = asked.off(before)
    return Lowered(asked, off, before, asked.allow(off, before)) if off else None


def write_down(priced: Priced, checkout_id: UUID, lines: Mapping[UUID, UUID]) -> None:
    """Write what raised and lowered a new checkout's price; `lines` is type → line. Counts the code's use.

    Raises Problem 409 `code_not_valid`.
    """
    if priced.fees:
        db.session.execute(insert(CheckoutFee), [_fee_row(one, checkout_id, lines) for one in priced.fees])
    if priced.clerk is not None:
        db.session.add(_clerk_row(priced.clerk, checkout_id))
    if priced.code is not None:
        use(priced.code, checkout_id, priced.code_cents)


def _fee_row(one: Levied, checkout_id: UUID, lines: Mapping[UUID, UUID]) -> dict[str, Any]:
    return {
        "id": uuid7(), "checkout_id": checkout_id, "checkout_line_id": lines[one.type_id] if one.type_id else None,
        "fee_id": one.fee.id, "name": one.fee.name, "quantity": one.quantity, "unit_cents": one.unit_cents,
        "total_cents": one.total_cents, "vat_rate_bp": one.fee.vat_rate_bp, "vat_cents": one.vat_cents,
        "kept": one.fee.kept,
    }  # fmt: skip


def _clerk_row(lowered: Lowered, checkout_id: UUID) -> ClerkDiscount:
    actor = current_scope().actor
    return ClerkDiscount(
        checkout_id=checkout_id, percent=lowered.asked.percent, off_cents=lowered.off_cents,
        before_cents=lowered.before_cents, reason=lowered.asked.reason, actor=actor.label, actor_id=actor.id,
        approved_by=lowered.approved_by,
    )  # fmt: skip
