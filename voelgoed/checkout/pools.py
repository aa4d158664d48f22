"""Moving the pools: conditional updates, sorted by id and issued last, so that nothing oversells or deadlocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import ColumnElement, CursorResult, select, true, update
from sqlalchemy.sql.elements import True_

from voelgoed.catalog.ticket_type import Pool
from voelgoed.checkout.cash_step import know_cash_step
from voelgoed.checkout.checkout import HoldLine
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import PlainSQL, current_scope

TAKE = PlainSQL("checkout.hold", Path(__file__).parent / "sql" / "take.sql", writes=True)
POOLS = PlainSQL(
    "checkout.hold",
    "SELECT clock_timestamp() AS now, (SELECT cash_rounding_cents FROM organization) AS cash_step,"
    " coalesce(jsonb_agg(jsonb_build_array(ticket_type_id, pool_id)), '[]') AS pools"
    " FROM type_pool WHERE ticket_type_id = ANY (%(type_ids)s)",
)


class Refuses(Exception):
    """A pool has not that much left, or what it sells may not be sold now."""


@dataclass(frozen=True)
class AsPriced:
    """What is sold: its type, the price of one at which it was priced, and how many at least must be allowed."""

    type_id: UUID
    price_cents: int
    least: int


Condition = ColumnElement[bool] | Sequence[AsPriced]
"""What must hold besides: SQL, or that each of these may be sold now, as it was priced (I5)."""


def move(bodies: Mapping[UUID, int], if_also: Condition | None = None) -> bool:
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


def _move(pool_id: UUID, bodies: int, condition: Condition) -> bool:
    if not isinstance(condition, ColumnElement):
        return _take(pool_id, bodies, condition)
    statement = update(Pool).where(Pool.id == pool_id, fits(bodies), condition).values(taken=Pool.taken + bodies)
    moved = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", moved).rowcount == 1


def _take(pool_id: UUID, bodies: int, lines: Sequence[AsPriced]) -> bool:
    given = [{"type_id": str(one.type_id), "price_cents": one.price_cents, "least": one.least} for one in lines]
    taken = TAKE.first(
        pool_id=pool_id, bodies=bodies, lines=Jsonb(given), organization_id=current_scope().organization_id,
        always=isinstance(fits(bodies), True_),
    )  # fmt: skip
    return taken is not None


def pools_of(type_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Return type → the pools that it takes from, one for each of its days."""
    return pools_now(type_ids)[0]


def pools_now(type_ids: Iterable[UUID]) -> tuple[dict[UUID, list[UUID]], datetime]:
    """Return type → the pools that it takes from, one for each of its days; and the moment by the database's clock."""
    found: dict[UUID, list[UUID]] = {type_id: [] for type_id in type_ids}
    row = POOLS.one(type_ids=list(found))
    know_cash_step(row.cash_step)
    for type_id, pool_id in row.pools:
        found[UUID(type_id)].append(UUID(pool_id))
    return found, row.now.astimezone(UTC)


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
