"""What a return would come to, told before anybody says yes to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voelgoed.foundation.database import db
from voelgoed.payments.payment import Refund, Return
from voelgoed.selling.refund_checkout import RefundCheckout, refund_checkout


@dataclass(frozen=True)
class Back:
    """What goes back through one gateway, in cents: cash as it is handed over."""

    gateway: str
    cents: int


@dataclass(frozen=True)
class Preview:
    """What is taken back, what is kept of it and what goes back through what (cents)."""

    value_cents: int
    kept_cents: int
    tickets: int
    back: Sequence[Back]

    @property
    def back_cents(self) -> int:
        """All that goes back."""
        return sum(one.cents for one in self.back)


def preview(asked: RefundCheckout) -> Preview:
    """Say what would be done: it is done, told, and taken back to a savepoint. Raises what doing it raises."""
    savepoint = db.session.begin_nested()
    try:
        done = refund_checkout.here(asked)
        return _told(done["given"], done["refunds"], len(done["taken"]))
    finally:
        savepoint.rollback()


def _told(given: Return, refunds: Sequence[Refund], tickets: int) -> Preview:
    sums: dict[str, int] = {}
    for one in refunds:
        sums[one.gateway] = sums.get(one.gateway, 0) + one.amount_cents - one.rounding_cents
    return Preview(given.value_cents, given.kept_cents, tickets, [Back(*one) for one in sums.items()])
