"""Several statements in one trip to the database, past the ORM: for the few that are sent hundreds of times a second.

They go through the connection of the scope's own session, inside its transaction, in a listed set-based room; whose
transaction it is and who acts is said first, in the same trip. Answers are there once the trip is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from voelgoed.foundation.tenancy.announce import announcement
from voelgoed.foundation.tenancy.driver import as_sqlalchemy
from voelgoed.foundation.tenancy.filter import set_based
from voelgoed.foundation.tenancy.scope import current_scope

if TYPE_CHECKING:
    from psycopg import Cursor

    from voelgoed.foundation.database import TenantSession

NAMED = re.compile(r"(?<!:):([a-z_]+)")
COMMENT = re.compile(r"--.*$", re.MULTILINE)


class Statement:
    """SQL with `:named` values, kept as it was written and as the driver takes it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.driver = NAMED.sub(r"%(\1)s", COMMENT.sub("", text).replace("%", "%%")).encode()


class Reply:
    """What a statement met."""

    def __init__(self, cursor: Cursor[Any]) -> None:
        self._cursor = cursor

    def one(self) -> tuple[Any, ...]:
        """Return its first row, once the trip is over; raises LookupError where there is none."""
        row: tuple[Any, ...] | None = self._cursor.fetchone()
        if row is None:
            raise LookupError("the statement answered no row")
        return row


class Trip:
    """What is sent together; each answer can be fetched when the trip is over."""

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self._driver = driver

    def send(self, statement: Statement, given: Mapping[str, Any]) -> Reply:
        """Send a statement after those before it."""
        return Reply(self._driver.execute(statement.driver, given))


@contextmanager
def trip(room: str) -> Iterator[Trip]:
    """Begin a trip: `with trip("scanning.judge") as sent: found = sent.send(READ, given)`, then `found.one()`.

    Raises what SQLAlchemy would raise, of what any of the statements met.
    """
    from voelgoed.foundation.database import db

    scope = current_scope()
    session: TenantSession = db.session()  # type: ignore[assignment]
    with set_based(room):
        scope.travels = True
        try:
            driver = session.driver  # whose it is, is said below
        finally:
            scope.travels = False
        try:
            with driver.pipeline():
                if scope.unsaid is not None:
                    said, scope.unsaid = scope.unsaid, None
                    driver.execute(*announcement(scope, said))
                yield Trip(driver)
        except psycopg.Error as error:
            raise as_sqlalchemy(error, session.connection()) from error
