"""A sale's number: what the clerk calls it by, counted per event; and what its paper says, told with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm.attributes import set_committed_value

from voelgoed.checkout.checkout import Checkout, CheckoutSeries
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import PlainSQL, current_scope
from voelgoed.selling.sale import SQL


@dataclass(frozen=True)
class Supplied:
    """Who sold, at which till (its id and prefix, or None), and the VAT inside, in cents."""

    name: str
    address: str | None
    vat_number: str | None
    vendor: bool
    vat_cents: int
    till: tuple[UUID, str] | None


def draw_number(checkout: Checkout) -> Supplied:
    """Give a checkout the next number of its event; the series is held to the commit, so draw late.

    The same statement says who sold, and where: with every clerk of the event waiting, none is sent for that alone.
    """
    row = _next(checkout)
    set_committed_value(checkout, "number", row.number)
    till = (row.till_id, row.prefix) if row.till_id else None
    return Supplied(row.name, row.address, row.vat_number, row.vendor, int(row.vat_cents), till)


def _next(checkout: Checkout) -> Any:
    own = current_scope().organization_id
    while (row := NUMBER.first(event_id=checkout.event_id, checkout_id=checkout.id, organization_id=own)) is None:
        made = insert(CheckoutSeries).values(event_id=checkout.event_id, next=1)
        db.session.execute(made.on_conflict_do_nothing())
    return row


NUMBER = PlainSQL("selling.sale", SQL / "number.sql", writes=True)
