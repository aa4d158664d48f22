"""Plain SQL on the hot paths: sent as it stands, in a listed room, where row level security alone filters it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from voelgoed.foundation.tenancy.announce import said_within, say_before_writing, scope_of
from voelgoed.foundation.tenancy.driver import send
from voelgoed.foundation.tenancy.filter import SET_BASED

if TYPE_CHECKING:
    from psycopg import Cursor

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
        self._sent_as = self.sql.encode()

    def all(self, **given: Any) -> Sequence[Any]:
        """Return all rows, as named tuples."""
        return self._sent(given).fetchall()

    def one(self, **given: Any) -> Any:
        """Return the one row; raises NoResultFound or MultipleResultsFound."""
        sent = self._sent(given)
        if sent.rowcount != 1:
            raise (NoResultFound if sent.rowcount < 1 else MultipleResultsFound)(f"{sent.rowcount} rows for one")
        return sent.fetchone()

    def first(self, **given: Any) -> Any | None:
        """Return the first row, or None."""
        return self._sent(given).fetchone()

    def _sent(self, given: dict[str, Any]) -> Cursor[Any]:
        from voelgoed.foundation.database import db

        session: TenantSession = db.session()  # type: ignore[assignment]
        scope_of(session)
        if not self.apart:
            session.flush()
        driver = session.driver
        if self.says:
            given["context"] = said_within(session)
        elif self.writes:
            say_before_writing(session)
        return send(session, driver, self._sent_as, given)
