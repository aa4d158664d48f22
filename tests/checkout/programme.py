"""An event to sell: what the tests of selling put on, and a sale in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.catalog.venue import Venue
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.open import open_checkout
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow import Outcome, carry_on
from voelgoed.payments.capture import Tender
from voelgoed.selling.begin import begin_to_pay
from voelgoed.ticketing.ticket import Ticket


@dataclass(frozen=True)
class Sold:
    """A type to put on; `days` are indices of days, each with a pool of its own."""

    name: str = "Adult"
    price_cents: int = 35000
    capacity: int = 100
    bodies: int = 1
    vat_rate_bp: int = 1500
    most: int = 10
    days: tuple[int, ...] = (0,)
    sales_from: datetime | None = None
    sales_until: datetime | None = None


@dataclass
class Programme:
    """An event that was put on: its id, and its types' ids by name."""

    event_id: UUID
    types: dict[str, UUID] = field(default_factory=dict)

    @property
    def event(self) -> Event:
        return rows(Event).get(self.event_id)


def put_on(*types: Sold, name: str = "Somernagte", days: int = 1) -> Programme:
    """Put an event on, in the open scope, and commit it."""
    venue = Venue(name=f"Oewerpark {uuid4().hex[:6]}", address="Kerk Street 1")
    db.session.add(venue)
    db.session.flush()
    event = Event(venue_id=venue.id, name=name, nature="Concert")
    db.session.add(event)
    db.session.flush()
    made = [_day(event.id, number) for number in range(days)]
    db.session.add_all(made)
    db.session.flush()
    programme = Programme(event.id)
    for number, sold in enumerate(types or (Sold(),), start=1):
        programme.types[sold.name] = _type(event.id, number, sold, made)
    commit()
    return programme


def _day(event_id: UUID, number: int) -> Day:
    doors = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=number)
    return Day(
        event_id=event_id, number=number, date=doors.date(), doors_at=doors, starts_at=doors + timedelta(hours=1),
        ends_at=doors + timedelta(hours=9),
    )  # fmt: skip


def _type(event_id: UUID, number: int, sold: Sold, days: Sequence[Day]) -> UUID:
    made = TicketType(
        event_id=event_id, number=number, name=sold.name, price_cents=sold.price_cents, bodies=sold.bodies,
        vat_rate_bp=sold.vat_rate_bp, per_checkout_max=sold.most, sales_from=sold.sales_from,
        sales_until=sold.sales_until,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for index in sold.days:
        pool = Pool(event_id=event_id, day_id=days[index].id, name=f"{sold.name} {index}", capacity=sold.capacity)
        db.session.add(pool)
        db.session.flush()
        db.session.add(TypePool(ticket_type_id=made.id, pool_id=pool.id))
    db.session.flush()
    return made.id


def hold(programme: Programme, quantity: int = 1, name: str | None = None, **more: object) -> UUID:
    """Open a checkout of one type and commit it; returns its id."""
    type_id = programme.types[name] if name else next(iter(programme.types.values()))
    more.setdefault("key", uuid4())
    made = open_checkout(programme.event, [(type_id, quantity)], **more)
    commit()
    return made.id


def pay(checkout_id: UUID, tendered_cents: int | None = None) -> Outcome | None:
    """Pay a checkout in cash, or complete a free one, here and now."""
    found = rows(Checkout).get(checkout_id)
    money = [Tender("cash", found.total_cents, tendered_cents)] if found.total_cents else []
    run_id = begin_to_pay(found, money)
    commit()
    return carry_on(run_id)


def sell(programme: Programme, quantity: int = 1, name: str | None = None) -> list[Ticket]:
    """Sell so many of one type; returns the tickets in order of number."""
    pay(hold(programme, quantity, name))
    newest = rows(Ticket).filter_by(event_id=programme.event_id).order_by(Ticket.number.desc()).limit(quantity)
    return list(reversed(newest.all()))


def taken(programme: Programme) -> dict[str, int]:
    """Return pool → taken, as committed."""
    found = rows(Pool).filter_by(event_id=programme.event_id).populate_existing().all()
    return {pool.name: pool.taken for pool in found}
