"""Statements that pass SQLAlchemy by: on the driver's own connection, with errors as SQLAlchemy has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from voelgoed.foundation.database import TenantSession


def send(
    session: TenantSession, driver: psycopg.Connection[Any], statement: bytes, given: Mapping[str, Any]
) -> psycopg.Cursor[Any]:
    """Send a statement on the session's own `driver`, which has begun; raises what SQLAlchemy would raise."""
    cursor = driver.cursor(row_factory=namedtuple_row)
    try:
        return cursor.execute(statement, given)
    except psycopg.Error as error:
        raise as_sqlalchemy(error, session.connection()) from error


def as_sqlalchemy(error: psycopg.Error, connection: Connection) -> Exception:
    """Return an error of the driver as everybody above expects it; a lost connection is not used again.

    Nor are those of the pool that are as old: they were lost with it, and each would fail somebody else, later.
    """
    held = connection.connection
    lost = bool(getattr(held.driver_connection, "closed", True))
    if lost:
        connection.engine.pool._invalidate(held, error)  # as SQLAlchemy does for statements of its own
        connection.invalidate(error)
    raised: Any = DBAPIError.instance(None, None, error, psycopg.Error, connection_invalidated=lost)
    return raised  # type: ignore[no-any-return]
