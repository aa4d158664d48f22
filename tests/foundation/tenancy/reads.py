"""Every way to read venues and zones that the ORM offers, each answering the names that it saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import exists, func, literal, select
from sqlalchemy.orm import aliased, joinedload, selectinload, subqueryload

from voelgoed.catalog.venue import Venue, Zone
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows

Read = Callable[[], list[Any]]
READS: dict[str, Read] = {}


def read(function: Read) -> Read:
    """Add a way to read."""
    READS[function.__name__] = function
    return function


def _names(statement: Any) -> list[Any]:
    return sorted(db.session.scalars(statement).all())


@read
def entities() -> list[Any]:
    return sorted(venue.name for venue in db.session.scalars(select(Venue)))


@read
def columns() -> list[Any]:
    return _names(select(Venue.name))


@read
def an_alias() -> list[Any]:
    other = aliased(Venue)
    return _names(select(other.name))


@read
def a_join() -> list[Any]:
    return _names(select(Venue.name).select_from(Zone).join(Zone.venue))


@read
def a_join_of_unlike_rows() -> list[Any]:
    return _names(select(Venue.name).select_from(Zone).join(Venue, literal(True)))


@read
def an_outer_join() -> list[Any]:
    found = db.session.scalars(select(Venue.name).select_from(Zone).outerjoin(Venue, literal(True)))
    return sorted(name for name in found if name)


@read
def a_subquery() -> list[Any]:
    inner = select(Venue.name).subquery()
    return _names(select(inner.c.name))


@read
def an_aliased_subquery() -> list[Any]:
    inner = aliased(Venue, select(Venue).subquery())
    return sorted(venue.name for venue in db.session.scalars(select(inner)))


@read
def a_common_table_expression() -> list[Any]:
    inner = select(Venue.name).cte()
    return _names(select(inner.c.name))


@read
def a_scalar_subquery() -> list[Any]:
    inner = select(func.string_agg(Venue.name, ",")).scalar_subquery()
    return [db.session.scalar(select(inner))]


@read
def a_union() -> list[Any]:
    return _names(select(Venue.name).union(select(Venue.name)))


@read
def a_condition_by_subquery() -> list[Any]:
    return _names(select(Zone.name).where(Zone.venue_id.in_(select(Venue.id))))


@read
def a_condition_by_existence() -> list[Any]:
    return _names(select(Zone.name).where(exists().where(Venue.id == Zone.venue_id)))


@read
def a_count() -> list[Any]:
    return [db.session.scalar(select(func.count()).select_from(Venue))]


@read
def a_query_count() -> list[Any]:
    return [rows(Venue).count()]


@read
def the_classes_query() -> list[Any]:
    return sorted(venue.name for venue in Venue.query.all())


@read
def all_rows() -> list[Any]:
    return sorted(venue.name for venue in rows(Venue))


@read
def a_lazy_relation() -> list[Any]:
    return sorted(zone.venue.name for zone in db.session.scalars(select(Zone)) if zone.venue)


@read
def a_joined_relation() -> list[Any]:
    return sorted(zone.venue.name for zone in db.session.scalars(select(Zone).options(joinedload(Zone.venue))))


@read
def a_selected_relation() -> list[Any]:
    return sorted(zone.venue.name for zone in db.session.scalars(select(Zone).options(selectinload(Zone.venue))))


@read
def a_subqueried_relation() -> list[Any]:
    return sorted(zone.venue.name for zone in db.session.scalars(select(Zone).options(subqueryload(Zone.venue))))


@read
def a_page() -> list[Any]:
    return sorted(venue.name for venue in db.paginate(select(Venue), per_page=50, error_out=False).items)


@read
def grouped() -> list[Any]:
    return [count for _, count in db.session.execute(select(Venue.timezone, func.count()).group_by(Venue.timezone))]
