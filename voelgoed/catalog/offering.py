"""A ticket type with the pools that it takes from: made, changed, and read as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypeGate, TypePool, TypeZone
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows


class StillTaken(Exception):
    """Tickets of a day are sold or held: the type keeps that day."""


class NoSuchPool(Exception):
    """A day has no pool of the name to share."""


@dataclass(frozen=True)
class Selling:
    """A type as it is sold: its pools by day, and whether they are its alone."""

    type: TicketType
    pools: list[Pool]
    zone_ids: list[UUID]
    own: bool

    @property
    def capacity(self) -> int | None:
        """Return the capacity of each day, None when days differ."""
        sizes = {pool.capacity for pool in self.pools}
        return sizes.pop() if len(sizes) == 1 else None

    @property
    def taken(self) -> int:
        """Return how many bodies its fullest pool has taken."""
        return max((pool.taken for pool in self.pools), default=0)


def selling(event: Event) -> list[Selling]:
    """Return all types of an event, put away or not, in their order; a few statements for all of them."""
    types = children(event, TicketType).including_archived().order_by(TicketType.number).all()
    pools = {one.id: one for one in children(event, Pool)}
    takes: dict[UUID, list[Pool]] = defaultdict(list)
    users: dict[UUID, int] = defaultdict(int)
    for type_id, pool_id in _links(event):
        takes[type_id].append(pools[pool_id])
        users[pool_id] += 1
    opens: dict[UUID, list[UUID]] = defaultdict(list)
    found = select(TypeZone.ticket_type_id, TypeZone.zone_id).where(TypeZone.ticket_type_id.in_([t.id for t in types]))
    for type_id, zone_id in db.session.execute(found):
        opens[type_id].append(zone_id)
    return [
        Selling(one, takes[one.id], opens[one.id], all(users[pool.id] == 1 for pool in takes[one.id])) for one in types
    ]


def _links(event: Event) -> Iterable[tuple[UUID, UUID]]:
    found = (
        select(TypePool.ticket_type_id, TypePool.pool_id)
        .join(Pool, Pool.id == TypePool.pool_id)
        .join(Day, Day.id == Pool.day_id)
        .where(Pool.event_id == event.id)
        .order_by(Day.date)
    )
    return [(type_id, pool_id) for type_id, pool_id in db.session.execute(found)]


def next_number(event: Event) -> int:
    """Return the number of the next type, put-away ones counted: a number is in printed codes, and never used again."""
    most = select(func.max(TicketType.number)).where(TicketType.event_id == event.id)
    return int(db.session.scalar(most.execution_options(include_archived=True)) or 0) + 1


def give_days(sold: TicketType, days: list[Day], capacity: int | None, shared: str | None) -> None:
    """Let a type take from a pool on each of these days: the shared one of that name, or one of its own.

    Raises NoSuchPool where a day has none of that name, StillTaken where a day with sold tickets is left out.
    """
    has = {pool.day_id: pool for pool in _pools_of(sold)}
    for day_id, pool in has.items():
        if day_id not in {day.id for day in days}:
            _take_from(sold, pool)
    for day in days:
        if day.id not in has:
            pool = _shared(day, shared) if shared else _own(sold, day, capacity or 0)
            db.session.add(TypePool(ticket_type_id=sold.id, pool_id=pool.id))
        elif capacity is not None and not shared:
            has[day.id].capacity = capacity
    db.session.flush()


def _pools_of(sold: TicketType) -> list[Pool]:
    return list(
        db.session.scalars(
            select(Pool).join(TypePool, TypePool.pool_id == Pool.id).where(TypePool.ticket_type_id == sold.id)
        )
    )


def _shared(day: Day, name: str) -> Pool:
    found = children(day, Pool).filter_by(name=name).first()
    if found is None:
        raise NoSuchPool(name)
    return found


def _own(sold: TicketType, day: Day, capacity: int) -> Pool:
    made = Pool(event_id=sold.event_id, day_id=day.id, name=sold.name, capacity=capacity)
    db.session.add(made)
    db.session.flush()
    return made


def _take_from(sold: TicketType, pool: Pool) -> None:
    if pool.taken:
        raise StillTaken(pool.name)
    children(sold, TypePool).filter_by(pool_id=pool.id).delete()
    if not rows(TypePool).filter_by(pool_id=pool.id).first():
        db.session.delete(pool)


def gates_of(sold: TicketType) -> list[UUID]:
    """Return the gates by which a type comes in; none: by every gate."""
    return [one.gate_id for one in children(sold, TypeGate)]


def open_gates(sold: TicketType, gate_ids: list[UUID]) -> None:
    """Let a type come in by exactly these gates; none lets it in by every gate."""
    has = {one.gate_id: one for one in children(sold, TypeGate)}
    for gate_id, link in has.items():
        if gate_id not in gate_ids:
            db.session.delete(link)
    db.session.add_all(TypeGate(ticket_type_id=sold.id, gate_id=one) for one in gate_ids if one not in has)
    db.session.flush()


def open_zones(sold: TicketType, zone_ids: list[UUID]) -> None:
    """Let a type open exactly these zones; none opens all of the venue."""
    has = {one.zone_id: one for one in children(sold, TypeZone)}
    for zone_id, link in has.items():
        if zone_id not in zone_ids:
            db.session.delete(link)
    db.session.add_all(TypeZone(ticket_type_id=sold.id, zone_id=one) for one in zone_ids if one not in has)
    db.session.flush()
