"""Fees on sales: what an event asks beside its prices, and what a sale bore of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, cents, choice, flag, integer, key_of, refers, text


class Fee(
    Resource,
    archivable=True,
    unique_where={("event_id", "name_key"): "archived_at IS NULL"},
    checks={
        "some": "(kind = 'percent') = (percent_bp BETWEEN 1 AND 10000) AND (kind = 'amount') = (amount_cents > 0)",
        "a_rate": "vat_rate_bp BETWEEN 0 AND 10000",
    },
):
    """An amount or a share (basis points of what the tickets cost), for each ticket or once for a sale.

    VAT is inside it. What is free bears none. `kept`: it stays with the organizer when the customer changes their mind;
    else a ticket's fee goes back with its ticket, a sale's with its last ticket.
    """

    event_id: Mapped[UUID] = refers("event")
    name: Mapped[str] = text(80)
    name_key: Mapped[str | None] = key_of("name")
    per: Mapped[str] = choice("ticket", "sale")
    kind: Mapped[str] = choice("percent", "amount")
    percent_bp: Mapped[int] = integer(default=0)
    amount_cents: Mapped[int] = cents(default=0)
    vat_rate_bp: Mapped[int] = integer()
    channel: Mapped[str] = choice("both", "till", "api", default="both")
    kept: Mapped[bool] = flag()


class CheckoutFee(
    Resource,
    append_only="what a sale bore is fixed with it",
    checks={"not_negative": "quantity > 0 AND total_cents >= 0 AND vat_cents >= 0"},
):
    """A fee that a sale bore: one row for each line of tickets, or one without a line for the whole sale.

    `unit_cents` is None for a share. The rule of giving back is that of its moment, as is the name.
    """

    checkout_id: Mapped[UUID] = refers("checkout")
    checkout_line_id: Mapped[UUID | None] = refers("checkout_line", nullable=True)
    fee_id: Mapped[UUID] = refers("fee")
    name: Mapped[str] = text(80)
    quantity: Mapped[int] = integer()
    unit_cents: Mapped[int | None] = cents(nullable=True)
    total_cents: Mapped[int] = cents()
    vat_rate_bp: Mapped[int] = integer()
    vat_cents: Mapped[int] = cents()
    kept: Mapped[bool] = flag()


def fees_of(checkout: Checkout) -> Sequence[CheckoutFee]:
    """Return what a sale bore, in order of its rows; asks nothing of the database for a sale without fees."""
    if not checkout.fees_cents:
        return []
    own = select(CheckoutFee).where(CheckoutFee.checkout_id == checkout.id)
    return db.session.scalars(own.order_by(CheckoutFee.name, CheckoutFee.id)).all()
