"""Tells the database, at the start of each transaction, whose it is and who acts."""

from __future__ import annotations

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from voelgoed.foundation.tenancy.scope import current_scope

SETTINGS = "select set_config('app.organization_id', %s, true), set_config('app.context', %s, true)"


def _say(connection: Connection) -> None:
    scope = current_scope()
    with connection.connection.cursor() as cursor:
        cursor.execute(SETTINGS, (str(scope.organization_id), scope.context()))


def _after_begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:
        _say(connection)


def announce_again() -> None:
    """Send the scope's context again inside a running transaction, after its reason changed."""
    from voelgoed.foundation.database import db

    if db.session().in_transaction():
        db.session.flush()
        _say(db.session.connection())


def listen() -> None:
    """Attach the listener to every session that `db` makes."""
    from voelgoed.foundation.database import db

    event.listen(db.session, "after_begin", _after_begin)
