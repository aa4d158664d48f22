"""A sale's number: what the clerk calls it by, counted per event; and what its paper says, told with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, select, update
from sqlalchemy.dialects.postgresql import insert

from voelgoed.checkout.checkout import Checkout, CheckoutLine, CheckoutSeries
from voelgoed.checkout.fee import CheckoutFee
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.payments.payment import Payment
from voelgoed.tills.shift import Shift
from voelgoed.tills.till import Till


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
    checkout.number, facts = _next(checkout)
    db.session.flush()
    till = facts.pop("till")
    return Supplied(**facts, till=(UUID(till["id"]), till["prefix"]) if till else None)


def _next(checkout: Checkout) -> tuple[int, dict[str, Any]]:
    statement = (
        update(CheckoutSeries)
        .where(CheckoutSeries.event_id == checkout.event_id)
        .values(next=CheckoutSeries.next + 1)
        .returning(CheckoutSeries.next - 1, _supplied(checkout.id))
        .execution_options(synchronize_session=False)
    )
    while (row := db.session.execute(statement).one_or_none()) is None:
        made = insert(CheckoutSeries).values(event_id=checkout.event_id, next=1)
        db.session.execute(made.on_conflict_do_nothing())
    return row[0], row[1]


def _vat(of: type[CheckoutLine | CheckoutFee], checkout_id: UUID) -> ColumnElement[int]:
    inside = select(func.sum(of.vat_cents)).where(of.checkout_id == checkout_id).scalar_subquery()
    return func.coalesce(inside, 0)


def _supplied(checkout_id: UUID) -> ScalarSelect[Any]:
    """Read the supplier, the till and the VAT of a sale, as one value; row level security is its only filter."""
    vat = sum(_vat(of, checkout_id) for of in (CheckoutLine, CheckoutFee))
    till = (
        select(func.jsonb_build_object("id", Till.id, "prefix", Till.prefix))
        .join(Shift, Shift.till_id == Till.id)
        .join(Payment, Payment.shift_id == Shift.id)
        .where(Payment.checkout_id == checkout_id)
        .limit(1)
        .scalar_subquery()
    )
    return select(
        func.jsonb_build_object(
            "name", Organization.name, "address", Organization.address, "vat_number", Organization.vat_number,
            "vendor", Organization.vat_vendor, "vat_cents", vat, "till", till,
        )
    ).scalar_subquery()  # fmt: skip
