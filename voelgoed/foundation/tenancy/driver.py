"""Statements that pass SQLAlchemy by: on the driver's own connection, with errors as SQLAlchemy has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from voelgoed.foundation.database import TenantSession


def send(
    session: TenantSession, driver: psycopg.Connection[Any], statement: bytes, given: Mapping[str, Any]
) -> psycopg.Cursor[Any]:
    """Send a statement on the session's own `driver`, which has begun; raises what SQLAlchemy would raise."""
    cursor = driver.cursor(row_factory=namedtuple_row)
    try:
        return cursor.execute(statement, given)
    except psycopg.Error as error:
        raise as_sqlalchemy(error, session) from error


def as_sqlalchemy(error: psycopg.Error, session: TenantSession) -> Exception:
    """Return an error of the driver as everybody above expects it; a lost connection is not used again."""
    lost = session.driver.closed
    if lost:
        session.connection().invalidate(error)
    raised: Any = DBAPIError.instance(None, None, error, psycopg.Error, connection_invalidated=lost)
    return raised  # type: ignore[no-any-return]
