"""What is left: how many of each type can still be sold, and whether it is on sale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.checkout.order import is_open
from voelgoed.foundation.database import db
from voelgoed.foundation.live import publish


@dataclass(frozen=True)
class Offer:
    """A type as it can be sold now; `left` counts tickets, not bodies, and is None without a pool."""

    type: TicketType
    left: int | None
    on_sale: bool


def offers(event: Event) -> list[Offer]:
    """Return an event's types in their order, with what is left by their tightest pool."""
    left = func.min((Pool.capacity - Pool.taken) // TicketType.bodies)
    statement = (
        select(TicketType, left, is_open())
        .join(Event, Event.id == TicketType.event_id)
        .outerjoin(TypePool, TypePool.ticket_type_id == TicketType.id)
        .outerjoin(Pool, Pool.id == TypePool.pool_id)
        .where(TicketType.event_id == event.id)
        .group_by(TicketType.organization_id, TicketType.id, Event.organization_id, Event.id)
        .order_by(TicketType.number)
    )
    return [Offer(found, count, bool(is_on)) for found, count, is_on in db.session.execute(statement)]


def left_of(event: Event, given_back: Mapping[UUID, int] | None = None) -> dict[str, int]:
    """Return type → tickets left; `given_back` are bodies by pool that the asker holds and would free."""
    back = given_back or {}
    statement = (
        select(TypePool.ticket_type_id, TicketType.bodies, Pool.id, Pool.capacity - Pool.taken)
        .join(Pool, Pool.id == TypePool.pool_id)
        .join(TicketType, TicketType.id == TypePool.ticket_type_id)
        .where(TicketType.event_id == event.id)
    )
    left: dict[str, int] = {}
    for type_id, bodies, pool_id, free in db.session.execute(statement):
        tickets = (free + back.get(pool_id, 0)) // bodies
        left[str(type_id)] = min(tickets, left.get(str(type_id), tickets))
    return left


def tell_availability(event_id: UUID) -> None:
    """Push what is left of an event to who watches it, once the transaction has committed."""
    publish("availability", event_id)
