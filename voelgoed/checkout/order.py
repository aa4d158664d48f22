"""An order: what somebody wants, priced at this moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.checkout.price import included_vat
from voelgoed.foundation.tenancy import children
from voelgoed.foundation.web import Problem

MOST_AT_A_TILL = 200


@dataclass(frozen=True)
class Wanted:
    """One line: so many of a type, priced now, each for so much less by a discount."""

    type: TicketType
    quantity: int
    off_cents: int = 0

    @property
    def discount_cents(self) -> int:
        """What is taken off the line."""
        return self.off_cents * self.quantity

    @property
    def total_cents(self) -> int:
        """What the line costs, VAT included and discount taken off."""
        return (self.type.price_cents - self.off_cents) * self.quantity

    @property
    def vat_cents(self) -> int:
        """The VAT inside it."""
        return included_vat(self.total_cents, self.type.vat_rate_bp)


def read_order(event: Event, asked: Iterable[tuple[UUID, int]]) -> list[Wanted]:
    """Return the lines of an order, one for each type, in order of type; raises 404 for a type of elsewhere."""
    quantities: Counter[UUID] = Counter()
    for type_id, quantity in asked:
        quantities[type_id] += quantity
    found = children(event, TicketType).filter(TicketType.id.in_(quantities)).order_by(TicketType.id).all()
    if len(found) < len(quantities):
        raise Problem(404, "no_such_ticket_type", detail="That event has no such ticket type. Reload the page.")
    if sum(quantities.values()) > MOST_AT_A_TILL:
        raise Problem(422, "too_many", errors={"lines": [f"At most {MOST_AT_A_TILL} tickets at once."]})
    return [Wanted(one, quantities[one.id]) for one in found]


def may_be_sold(order: list[Wanted], *, bound: bool) -> ColumnElement[bool]:
    """Say in SQL that each line's price, window and maximum hold now, by the database's clock (I5).

    `bound`: the per-checkout maximum applies, as it does to everything but a till.
    """
    return _right(order, bound) == len(order)


def _right(order: list[Wanted], bound: bool) -> ColumnElement[int]:
    each = [_as_priced(line) & (TicketType.per_checkout_max >= line.quantity if bound else True) for line in order]
    counted = select(func.count()).select_from(TicketType).join(Event, Event.id == TicketType.event_id)
    return counted.where(or_(*each), is_open()).scalar_subquery()


def _as_priced(line: Wanted) -> ColumnElement[bool]:
    return and_(TicketType.id == line.type.id, TicketType.price_cents == line.type.price_cents)


def is_open() -> ColumnElement[bool]:
    """Say in SQL that a TicketType, joined with its Event, is on sale by the database's clock."""
    moment = func.clock_timestamp()
    last_day = (
        select(func.max(Day.ends_at))
        .join(Pool, Pool.day_id == Day.id)
        .join(TypePool, TypePool.pool_id == Pool.id)
        .where(TypePool.ticket_type_id == TicketType.id)
        .correlate(TicketType)
        .scalar_subquery()
    )
    return and_(
        Event.on_sale,
        Event.archived_at.is_(None),
        TicketType.archived_at.is_(None),
        or_(TicketType.sales_from.is_(None), TicketType.sales_from <= moment),
        or_(TicketType.sales_until.is_(None), TicketType.sales_until > moment),
        last_day > moment,
    )
