"""What should be in a drawer: the float, and what came and went since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.foundation.database import db
from voelgoed.payments.payment import Payment, Refund, RefundEnd
from voelgoed.tills.shift import CashMove, Shift


@dataclass(frozen=True)
class Drawer:
    """The cash of one shift in cents, as its rows say."""

    float_cents: int
    sold: int = 0
    refunded: int = 0
    added: int = 0
    banked: int = 0
    paid_out: int = 0

    @property
    def expected(self) -> int:
        """Return what should be in the drawer."""
        return self.float_cents + self.sold - self.refunded + self.added - self.banked - self.paid_out


def drawer_of(shift: Shift) -> Drawer:
    """Return the drawer of one shift."""
    return drawers_of([shift])[shift.id]


def drawers_of(shifts: Iterable[Shift]) -> dict[UUID, Drawer]:
    """Return the drawers of shifts by the shift's id, in four statements however many there are."""
    floats = {one.id: one.float_cents for one in shifts}
    sold = _sums(Payment, Payment.amount_cents - Payment.rounding_cents, Payment.gateway == "cash", floats)
    back = _sums(Refund, Refund.amount_cents - Refund.rounding_cents, Refund.gateway == "cash", floats)
    instead, moved = _instead(floats), _moves(floats)
    return {
        shift_id: Drawer(
            cents, sold.get(shift_id, 0), back.get(shift_id, 0) + instead.get(shift_id, 0), **moved.get(shift_id, {})
        )
        for shift_id, cents in floats.items()
    }


def _sums(cls: Any, cents: Any, condition: Any, among: Iterable[UUID]) -> dict[UUID, int]:
    own = cls.shift_id.in_(list(among))
    found = db.session.execute(select(cls.shift_id, func.sum(cents)).where(own, condition).group_by(cls.shift_id))
    return {shift_id: int(sum_) for shift_id, sum_ in found}


def _instead(among: Iterable[UUID]) -> dict[UUID, int]:
    """Sum the refunds that could not be sent outside and were paid in cash instead."""
    statement = (
        select(RefundEnd.shift_id, func.sum(Refund.amount_cents - RefundEnd.rounding_cents))
        .join(Refund, Refund.id == RefundEnd.refund_id)
        .where(RefundEnd.shift_id.in_(list(among)))
        .group_by(RefundEnd.shift_id)
    )
    return {shift_id: int(cents) for shift_id, cents in db.session.execute(statement) if shift_id is not None}


def _moves(among: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    statement = (
        select(CashMove.shift_id, CashMove.kind, func.sum(CashMove.amount_cents))
        .where(CashMove.shift_id.in_(list(among)))
        .group_by(CashMove.shift_id, CashMove.kind)
    )
    moved: dict[UUID, dict[str, int]] = {}
    for shift_id, kind, cents in db.session.execute(statement):
        moved.setdefault(shift_id, {})[kind] = int(cents)
    return moved
