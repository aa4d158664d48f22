"""A clerk's discount: taken off one sale at the till, with a reason, by whoever may or with a holder's approval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from voelgoed.checkout.price import share_of
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, cents, identifier, integer, refers, text

Allow = Callable[[int, int], str | None]
"""Says who else allows so many cents off so many; raises Problem when nobody does."""


class ClerkDiscount(
    Resource,
    append_only="what was taken off, by whom and why, is fixed with the sale",
    unique=(("checkout_id",),),
    checks={"some": "off_cents > 0 AND off_cents <= before_cents AND (percent IS NULL OR percent BETWEEN 1 AND 100)"},
):
    """What a clerk took off a sale after any code, in cents; `before_cents` is what the tickets cost before it.

    `percent` is how it was asked for, None for an amount; `approved_by` names whoever allowed more than the clerk may.
    """

    checkout_id: Mapped[UUID] = refers("checkout")
    percent: Mapped[int | None] = integer(nullable=True)
    off_cents: Mapped[int] = cents()
    before_cents: Mapped[int] = cents()
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    actor_id: Mapped[UUID | None] = identifier()
    approved_by: Mapped[str | None] = text(120, nullable=True)


def off_by_clerk(checkout_id: UUID) -> int:
    """Return what a clerk took off a sale, in cents."""
    found = select(ClerkDiscount.off_cents).where(ClerkDiscount.checkout_id == checkout_id)
    return db.session.scalar(found) or 0


@dataclass(frozen=True)
class Lowering:
    """A discount that a clerk asks for: per cent (1 to 100) or cents, why, and who says whether they may."""

    percent: int | None
    amount_cents: int | None
    reason: str
    allow: Allow

    def off(self, cents: int) -> int:
        """Return what it takes off an amount: never more than that."""
        if self.percent is not None:
            return share_of(cents, self.percent * 100)
        return min(self.amount_cents or 0, cents)
