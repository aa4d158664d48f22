"""What lowered and raised prices: codes, clerks' discounts and fees of the sales that were paid in a period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, String, Subquery, cast, func, null, select

from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Venue
from voelgoed.checkout.checkout import Checkout, CheckoutOutcome
from voelgoed.checkout.clerk_discount import ClerkDiscount
from voelgoed.checkout.discount import CheckoutDiscount, Discount
from voelgoed.checkout.fee import CheckoutFee
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.ledger.trading_day import ENDS_AT
from voelgoed.payments.return_fee import ReturnFee
from voelgoed.reports.journal import Days
from voelgoed.reports.sheet import Column, Row

COLUMNS = (
    Column("day", "day"), Column("event"), Column("sale", "number"), Column("what"), Column("name"), Column("person"),
    Column("approved by"), Column("reason"), Column("quantity", "number"), Column("currency"),
    Column("off the price", "money"), Column("fee", "money"), Column("VAT in the fee", "money"),
    Column("fee given back", "money"),
)  # fmt: skip
Statement = Select[*tuple[Any, ...]]
USUAL = timedelta(31)
SHOWN = 100
CHUNK = 1000


class PriceFilter(Days):
    """Which sales: paid on these trading days, of one event or of all."""

    event: UUID | None = None


@dataclass(frozen=True)
class Sum:
    """What one code, person or fee came to: how many sales, and cents."""

    event: str
    name: str
    currency: str
    sales: int
    cents: int
    quantity: int = 0
    vat_cents: int = 0
    back_cents: int = 0


@dataclass(frozen=True)
class Given:
    """One clerk's discount and the sale that it lowered."""

    day: date
    event: str
    sale: Checkout
    discount: ClerkDiscount


def usual(asked: PriceFilter) -> PriceFilter:
    """Return what is asked for, or the last month where no day was."""
    if asked.since or asked.until:
        return asked
    return asked.model_copy(update={"since": (now() - USUAL).date()})


def _day() -> ColumnElement[date]:
    """Say in SQL on which trading day a sale was paid, by the venue's clock."""
    return cast(func.timezone(Venue.timezone, CheckoutOutcome.created_at) - ENDS_AT, Date)


def _paid(statement: Statement, of: ColumnElement[UUID] | Any, asked: PriceFilter) -> Statement:
    statement = (
        statement.join(Checkout, Checkout.id == of)
        .join(CheckoutOutcome, (CheckoutOutcome.checkout_id == Checkout.id) & (CheckoutOutcome.kind == "paid"))
        .join(Event, Event.id == Checkout.event_id)
        .join(Venue, Venue.id == Event.venue_id)
        .execution_options(include_archived=True)
    )
    statement = statement.where(Event.rehearsal.is_(False))
    if asked.event:
        statement = statement.where(Checkout.event_id == asked.event)
    if asked.since:
        statement = statement.where(_day() >= asked.since)
    return statement.where(_day() <= asked.until) if asked.until else statement


def codes(asked: PriceFilter) -> Sequence[Sum]:
    """Add up the codes: uses in sales that were paid, and what they took off."""
    key = (Event.name, Discount.code, Checkout.currency)
    statement = select(*key, func.count(), func.sum(CheckoutDiscount.cents)).select_from(CheckoutDiscount)
    statement = statement.join(Discount, Discount.id == CheckoutDiscount.discount_id).group_by(*key).order_by(*key)
    return _sums(_paid(statement, CheckoutDiscount.checkout_id, asked))


def persons(asked: PriceFilter) -> Sequence[Sum]:
    """Add up clerks' discounts by event and person."""
    key = (Event.name, ClerkDiscount.actor, Checkout.currency)
    statement = select(*key, func.count(), func.sum(ClerkDiscount.off_cents)).select_from(ClerkDiscount)
    return _sums(_paid(statement.group_by(*key).order_by(*key), ClerkDiscount.checkout_id, asked))


def fees(asked: PriceFilter) -> Sequence[Sum]:
    """Add up the fees by event and name; what was given back of them counts whenever that was."""
    back = _given_back()
    key = (Event.name, CheckoutFee.name, Checkout.currency)
    statement = (
        select(
            *key, func.count(CheckoutFee.checkout_id.distinct()), func.sum(CheckoutFee.total_cents),
            func.sum(CheckoutFee.quantity), func.sum(CheckoutFee.vat_cents), func.coalesce(func.sum(back.c.cents), 0),
        )
        .select_from(CheckoutFee)
        .outerjoin(back, back.c.fee_id == CheckoutFee.id)
        .group_by(*key)
        .order_by(*key)
    )  # fmt: skip
    return _sums(_paid(statement, CheckoutFee.checkout_id, asked))


def _given_back() -> Subquery:
    statement = select(ReturnFee.checkout_fee_id.label("fee_id"), func.sum(ReturnFee.value_cents).label("cents"))
    return statement.group_by(ReturnFee.checkout_fee_id).subquery()


def _sums(statement: Statement) -> Sequence[Sum]:
    found = db.session.execute(statement)
    return [Sum(event, name, currency, *(int(one) for one in rest)) for event, name, currency, *rest in found]


def given(asked: PriceFilter) -> Sequence[Given]:
    """Return the newest of the clerks' discounts, at most `SHOWN`, each with its sale and reason."""
    statement = _paid(select(_day(), Event.name, Checkout, ClerkDiscount), ClerkDiscount.checkout_id, asked)
    newest = statement.order_by(CheckoutOutcome.created_at.desc(), ClerkDiscount.id.desc()).limit(SHOWN)
    return [Given(*row) for row in db.session.execute(newest)]


def rows_of(asked: PriceFilter) -> Iterator[Sequence[Row]]:
    """Return everything that changed a price as rows of a file, some at a time; by kind, oldest first."""
    for statement in (_code_rows(asked), _clerk_rows(asked), _fee_rows(asked)):
        ordered = statement.order_by(CheckoutOutcome.created_at, Checkout.id)
        for chunk in db.session.execute(ordered.execution_options(yield_per=CHUNK)).partitions(CHUNK):
            yield [tuple(row) for row in chunk]


def _code_rows(asked: PriceFilter) -> Statement:
    statement = select(
        _day(), Event.name, Checkout.number, _word("code"), Discount.code, Checkout.seller_label, null(), null(),
        null(), Checkout.currency, CheckoutDiscount.cents, null(), null(), null(),
    )  # fmt: skip
    joined = statement.select_from(CheckoutDiscount).join(Discount, Discount.id == CheckoutDiscount.discount_id)
    return _paid(joined, CheckoutDiscount.checkout_id, asked)


def _clerk_rows(asked: PriceFilter) -> Statement:
    percent = cast(ClerkDiscount.percent, String) + " %"
    statement = select(
        _day(), Event.name, Checkout.number, _word("clerk's discount"), percent, ClerkDiscount.actor,
        ClerkDiscount.approved_by, ClerkDiscount.reason, null(), Checkout.currency, ClerkDiscount.off_cents, null(),
        null(), null(),
    )  # fmt: skip
    return _paid(statement.select_from(ClerkDiscount), ClerkDiscount.checkout_id, asked)


def _fee_rows(asked: PriceFilter) -> Statement:
    back = _given_back()
    statement = select(
        _day(), Event.name, Checkout.number, _word("fee"), CheckoutFee.name, Checkout.seller_label, null(), null(),
        CheckoutFee.quantity, Checkout.currency, null(), CheckoutFee.total_cents, CheckoutFee.vat_cents,
        func.coalesce(back.c.cents, 0),
    )  # fmt: skip
    joined = statement.select_from(CheckoutFee).outerjoin(back, back.c.fee_id == CheckoutFee.id)
    return _paid(joined, CheckoutFee.checkout_id, asked)


def _word(said: str) -> ColumnElement[str]:
    return cast(said, String).label("what")
