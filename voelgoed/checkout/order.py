"""An order: what somebody wants, priced at this moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.checkout.fee import Fee
from voelgoed.checkout.price import included_vat
from voelgoed.foundation.database import db
from voelgoed.foundation.web import Problem

MOST_AT_A_TILL = 200
MOST_OF_A_GROUP = 500
Lines = Iterable[tuple[UUID, int]]
"""What is wanted: types, and how many of each."""


@dataclass(frozen=True)
class Wanted:
    """One line: so many of a type, priced now, less what is taken off the whole line (cents)."""

    type: TicketType
    quantity: int
    discount_cents: int = 0

    @property
    def list_cents(self) -> int:
        """What the line costs before any discount, VAT included."""
        return self.type.price_cents * self.quantity

    @property
    def total_cents(self) -> int:
        """What the line costs, VAT included and discount taken off."""
        return self.list_cents - self.discount_cents

    @property
    def vat_cents(self) -> int:
        """The VAT inside it."""
        return included_vat(self.total_cents, self.type.vat_rate_bp)


@dataclass(frozen=True)
class Order:
    """The lines of an order, one for each type in order of type, and the fees that its event asks, by name."""

    lines: list[Wanted]
    fees: list[Fee]


def read_order(event: Event, asked: Lines, most: int = MOST_AT_A_TILL) -> Order:
    """Return what an order comes to before discounts, in one statement; raises 404 for a type of elsewhere."""
    quantities: Counter[UUID] = Counter()
    for type_id, quantity in asked:
        quantities[type_id] += quantity
    statement = (
        select(TicketType, Fee)
        .outerjoin(Fee, Fee.event_id == TicketType.event_id)
        .where(TicketType.event_id == event.id, TicketType.id.in_(quantities))
        .order_by(TicketType.id, Fee.name_key)
    )
    found = db.session.execute(statement).all()
    types = dict.fromkeys(row[0] for row in found)
    if len(types) < len(quantities):
        raise Problem(404, "no_such_ticket_type", detail="That event has no such ticket type. Reload the page.")
    if sum(quantities.values()) > most:
        said = f"At most {most} tickets at once."
        raise Problem(422, "too_many", detail=said, errors={"lines": [said]})
    fees = dict.fromkeys(row[1] for row in found if row[1] is not None)
    return Order([Wanted(one, quantities[one.id]) for one in types], list(fees))


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
