"""Money that came in, and money that went back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.resource import Resource, cents, choice, refers, related, small, text


class Payment(
    Resource,
    append_only="money that was taken is a fact",
    unique=(("key",), ("checkout_id", "attempt", "tender")),
    checks={"not_negative": "amount_cents >= 0"},
):
    """Money captured through one gateway for one checkout; cash keeps what was tendered and given back.

    `amount_cents` is what was owed; cash taken = amount − `rounding_cents`, which has its own account.
    """

    checkout_id: Mapped[UUID] = refers("checkout")
    attempt: Mapped[int] = small(default=1)
    tender: Mapped[int] = small(default=1)
    gateway: Mapped[str] = choice("cash", "free")
    key: Mapped[str] = text(120)
    amount_cents: Mapped[int] = cents()
    rounding_cents: Mapped[int] = cents(default=0)
    tendered_cents: Mapped[int | None] = cents(nullable=True)
    change_cents: Mapped[int | None] = cents(nullable=True)
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")


class Refund(Resource, append_only="money that was given back is a fact", unique=(("key",),)):
    """Money given back through the gateway that took it; never more than was captured (M5)."""

    payment_id: Mapped[UUID] = refers("payment")
    checkout_id: Mapped[UUID] = refers("checkout")
    key: Mapped[str] = text(120)
    amount_cents: Mapped[int] = cents()
    rounding_cents: Mapped[int] = cents(default=0)
    reason: Mapped[str] = text(400)
