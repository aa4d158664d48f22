"""Making a hold: capacity reserved for a checkout until a moment of the database's clock."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert

from voelgoed.checkout.checkout import Hold, HoldLine
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7

HELD_FOR = timedelta(minutes=10)
Take = tuple[UUID, list[UUID], int]
"""A checkout line, the pools that it takes from, and the bodies in each."""


@dataclass(frozen=True)
class Held:
    """A hold that was written: when it ends, and pool → bodies, which its maker moves, last."""

    id: UUID
    expires_at: datetime
    bodies: Counter[UUID]


def make_hold(checkout_id: UUID, takes: list[Take], until: datetime | None = None) -> Held:
    """Write a hold and its lines, for ten minutes or until a moment; the caller moves the pools, last."""
    end = until or func.clock_timestamp() + HELD_FOR
    hold_id = uuid7()
    row = insert(Hold).values(id=hold_id, checkout_id=checkout_id, expires_at=end).returning(Hold.expires_at)
    return _with_lines(hold_id, db.session.scalars(row).one(), takes)


def add_hold(checkout_id: UUID, takes: list[Take], until: datetime) -> Held:
    """Add a hold and its lines to what the session will write next; the caller moves the pools, last."""
    hold = Hold(checkout_id=checkout_id, expires_at=until)
    db.session.add(hold)
    return _with_lines(hold.id, until, takes)


def _with_lines(hold_id: UUID, expires_at: datetime, takes: list[Take]) -> Held:
    taken = [(line_id, pool_id, bodies) for line_id, pools, bodies in takes for pool_id in pools]
    db.session.add_all(
        HoldLine(hold_id=hold_id, checkout_line_id=line_id, pool_id=pool_id, bodies=bodies)
        for line_id, pool_id, bodies in taken
    )
    by_pool: Counter[UUID] = Counter()
    for _, pool_id, bodies in taken:
        by_pool[pool_id] += bodies
    return Held(hold_id, expires_at, by_pool)
