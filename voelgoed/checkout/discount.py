"""Discount codes: what lowers a price, in which window, how often; the last use is decided by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, and_, func, or_, select, update
from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Event
from voelgoed.checkout.order import Wanted
from voelgoed.checkout.price import share_of, spread
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.resource import Resource, cents, choice, integer, key_of, moment, refers, text
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Problem


class Discount(
    Resource,
    archivable=True,
    unique=(("event_id", "code_key"),),
    checks={
        "some": "(kind = 'percent') = (percent BETWEEN 1 AND 100) AND (kind <> 'percent') = (amount_cents > 0)",
        "never_above_most": "uses >= 0 AND (uses_most IS NULL OR uses <= uses_most)",
        "window_in_order": "valid_from IS NULL OR valid_until IS NULL OR valid_from < valid_until",
    },
):
    """A code that takes per cent or an amount off each ticket, or an amount off the whole sale; one use is one sale.

    It lowers one type or all.
    """

    event_id: Mapped[UUID] = refers("event")
    ticket_type_id: Mapped[UUID | None] = refers("ticket_type", nullable=True)
    code: Mapped[str] = text(40)
    code_key: Mapped[str | None] = key_of("code")
    kind: Mapped[str] = choice("percent", "amount", "sale")
    percent: Mapped[int] = integer(default=0)
    amount_cents: Mapped[int] = cents(default=0)
    valid_from: Mapped[datetime | None] = moment(nullable=True)
    valid_until: Mapped[datetime | None] = moment(nullable=True)
    uses_most: Mapped[int | None] = integer(nullable=True)
    uses: Mapped[int] = integer(default=0)

    def lower(self, lines: Sequence[Wanted]) -> list[Wanted]:
        """Return the lines with what it takes off them: never more than they cost; per cent are rounded half-up."""
        fits = [self.ticket_type_id in (None, line.type.id) for line in lines]
        if self.kind == "sale":
            return take_off(self.amount_cents, lines, fits)
        return [
            replace(line, discount_cents=self._off(line.type.price_cents) * line.quantity) if fit else line
            for line, fit in zip(lines, fits, strict=True)
        ]

    def _off(self, unit_cents: int) -> int:
        if self.kind == "amount":
            return min(self.amount_cents, unit_cents)
        return share_of(unit_cents, self.percent * 100)


class CheckoutDiscount(
    Resource, append_only="what lowered a sale's price is fixed with it", unique=(("checkout_id",),)
):
    """The code that a checkout used, and what it took off in all."""

    checkout_id: Mapped[UUID] = refers("checkout")
    discount_id: Mapped[UUID] = refers("discount")
    cents: Mapped[int] = cents()


def take_off(cents: int, lines: Sequence[Wanted], fits: Sequence[bool] | None = None) -> list[Wanted]:
    """Return the lines with an amount off all that fit, in proportion to what each costs, to the cent.

    So every rate of VAT bears its share. Never more than they cost.
    """
    over = [line.total_cents if fit else 0 for line, fit in zip(lines, fits or [True] * len(lines), strict=True)]
    parts = spread(min(cents, sum(over)), over)
    return [replace(line, discount_cents=line.discount_cents + part) for line, part in zip(lines, parts, strict=True)]


def find_code(event: Event, typed: str) -> Discount | None:
    """Return an event's discount of a code, whatever its case; valid now or not."""
    key = typed.replace("\0", "").strip().lower()
    return children(event, Discount).filter(Discount.code_key == key).one_or_none()


def need_code(event: Event, typed: str) -> Discount:
    """Return an event's discount of a code; raises Problem 422 `no_such_code`."""
    found = find_code(event, typed)
    if found is None:
        said = "That code is not one of this event. Nothing was held."
        raise Problem(422, "no_such_code", "No such code", said, errors={"code": [said]})
    return found


def use(discount: Discount, checkout_id: UUID, off_cents: int) -> None:
    """Count a use for a checkout; raises Problem 409 `code_not_valid` when it is over, not yet on, or used up."""
    db.session.flush()
    point("discount.before_use")
    if not _take(discount.id):
        said = "It has been used as often as it may be, or is not valid now. Nothing was held."
        raise Problem(409, "code_not_valid", "The code is not valid", said)
    db.session.add(CheckoutDiscount(checkout_id=checkout_id, discount_id=discount.id, cents=off_cents))


def use_again(checkout_id: UUID) -> bool:
    """Count the use anew of a checkout whose hold had ended; False when none is left. Without a code: True."""
    used = db.session.scalar(select(CheckoutDiscount.discount_id).where(CheckoutDiscount.checkout_id == checkout_id))
    return used is None or _take(used)


def give_use_back(checkout_id: UUID) -> None:
    """Give back the use of a checkout that is not to be."""
    used = select(CheckoutDiscount.discount_id).where(CheckoutDiscount.checkout_id == checkout_id).scalar_subquery()
    freed = update(Discount).where(Discount.id == used).values(uses=Discount.uses - 1)
    db.session.execute(freed.execution_options(synchronize_session=False, include_archived=True))


def _take(discount_id: UUID) -> bool:
    taken = update(Discount).where(Discount.id == discount_id, left(), _valid()).values(uses=Discount.uses + 1)
    done = db.session.execute(taken.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount == 1


def left() -> ColumnElement[bool]:
    """Say in SQL that a code has a use left."""
    return or_(Discount.uses_most.is_(None), Discount.uses < Discount.uses_most)


def _valid() -> ColumnElement[bool]:
    at = func.clock_timestamp()
    return and_(
        Discount.archived_at.is_(None),
        or_(Discount.valid_from.is_(None), Discount.valid_from <= at),
        or_(Discount.valid_until.is_(None), Discount.valid_until > at),
    )
