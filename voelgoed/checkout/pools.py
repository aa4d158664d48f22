"""Moving the pools: conditional updates, sorted by id and issued last, so that nothing oversells or deadlocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, select, true, update

from voelgoed.catalog.ticket_type import Pool, TypePool
from voelgoed.checkout.checkout import HoldLine
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point


class Refuses(Exception):
    """A pool has not that much left, or what it sells may not be sold now."""


def move(bodies: Mapping[UUID, int], if_also: ColumnElement[bool] | None = None) -> bool:
    """Take so many bodies from each pool (or give back: negative); all of them, or False and none.

    `if_also` is judged in the same statement. Whatever else the transaction writes is flushed before, because
    everybody wants these rows: they are held from here to the commit.
    """
    db.session.flush()
    point("pools.before")
    moves = [(pool_id, bodies[pool_id]) for pool_id in sorted(bodies) if bodies[pool_id] or if_also is not None]
    condition = true() if if_also is None else if_also
    if not moves:
        return True
    if len(moves) == 1:
        return _move(*moves[0], condition)
    try:
        with db.session.begin_nested():
            for pool_id, count in moves:
                if not _move(pool_id, count, condition):
                    raise Refuses
    except Refuses:
        return False
    return True


def fits(bodies: int) -> ColumnElement[bool]:
    """Say in SQL that a pool has room for so many more bodies (I1); giving back always fits."""
    return Pool.taken + bodies <= Pool.capacity if bodies > 0 else true()


def _move(pool_id: UUID, bodies: int, condition: ColumnElement[bool]) -> bool:
    statement = update(Pool).where(Pool.id == pool_id, fits(bodies), condition).values(taken=Pool.taken + bodies)
    moved = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", moved).rowcount == 1


def pools_of(type_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Return type → the pools that it takes from, one for each of its days."""
    found: dict[UUID, list[UUID]] = {type_id: [] for type_id in type_ids}
    statement = select(TypePool.ticket_type_id, TypePool.pool_id).where(TypePool.ticket_type_id.in_(found))
    for type_id, pool_id in db.session.execute(statement):
        found[type_id].append(pool_id)
    return found


def bodies_of(hold_id: UUID) -> Counter[UUID]:
    """Return pool → bodies that a hold has taken."""
    taken: Counter[UUID] = Counter()
    statement = select(HoldLine.pool_id, HoldLine.bodies).where(HoldLine.hold_id == hold_id)
    for pool_id, bodies in db.session.execute(statement):
        taken[pool_id] += bodies
    return taken


def opposite(bodies: Mapping[UUID, int]) -> Counter[UUID]:
    """Return the move that gives these bodies back."""
    return Counter({pool_id: -count for pool_id, count in bodies.items()})
