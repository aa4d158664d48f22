"""Plain SQL on the hot paths: sent as it stands, in a listed room, where row level security alone filters it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import CursorResult, Row

from voelgoed.foundation.tenancy.announce import said_within, say_before_writing, scope_of
from voelgoed.foundation.tenancy.filter import SET_BASED

if TYPE_CHECKING:
    from voelgoed.foundation.database import TenantSession


class PlainSQL:
    """A statement of a set-based room, with psycopg's parameters: `%(event_id)s`.

    It passes SQLAlchemy by, which costs several times what a short statement takes: every request and every sale
    meets it. What is pending is flushed before, unless the statement is `apart` from it: it needs none of that.
    `writes`: the trail records what it does, so that it must know who acts; a statement that says that itself, by
    `set_config('app.context', %(context)s, true)` in its last SELECT, is told the context. Raises LookupError for a
    room that is not listed.
    """

    def __init__(self, room: str, sql: str | Path, *, writes: bool = False, apart: bool = False) -> None:
        if room not in SET_BASED:
            raise LookupError(f"{room} is not a listed set-based room")
        self.sql = sql.read_text() if isinstance(sql, Path) else sql
        self.writes, self.apart, self.says = writes, apart, "%(context)s" in self.sql

    def all(self, **given: Any) -> Sequence[Row[Any]]:
        """Return all rows."""
        return self._sent(given).all()

    def one(self, **given: Any) -> Row[Any]:
        """Return the one row; raises NoResultFound or MultipleResultsFound."""
        return self._sent(given).one()

    def first(self, **given: Any) -> Row[Any] | None:
        """Return the first row, or None."""
        return self._sent(given).first()

    def _sent(self, given: dict[str, Any]) -> CursorResult[Any]:
        from voelgoed.foundation.database import db

        session: TenantSession = db.session()  # type: ignore[assignment]
        scope_of(session)
        if not self.apart:
            session.flush()
        connection = session.connection()
        if self.says:
            given["context"] = said_within(session)
        elif self.writes:
            say_before_writing(session)
        return connection.exec_driver_sql(self.sql, given)
