"""Tells the database, at the start of each transaction, whose it is and who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from voelgoed.foundation.tenancy.driver import as_sqlalchemy
from voelgoed.foundation.tenancy.scope import OtherScope, Scope, current_scope

if TYPE_CHECKING:
    from voelgoed.foundation.database import TenantSession

SAY = "select set_config('app.organization_id', %s, true), set_config('app.context', %s, true)"
# A job may take longer than a request, whose limits stand on the role: in one statement, and between two.
SAY_AND_TAKE_TIME = (
    f"{SAY}, set_config('statement_timeout', '30s', true),"
    " set_config('idle_in_transaction_session_timeout', '30s', true)"
)


def scope_of(session: TenantSession) -> Scope:
    """Return the scope that a session belongs to; raises OtherScope where another organization's is open."""
    own = session.scope
    if current_scope().organization_id != own.organization_id:
        raise OtherScope("this session belongs to another organization's scope")
    return own


def say(connection: Connection, scope: Scope) -> None:
    """Tell a connection's transaction whose it is; through a raw cursor, so that nothing looks at the statement."""
    _say(connection, scope, scope.context())


def announcement(scope: Scope, context: str) -> tuple[str, tuple[str, str]]:
    """Return the statement that says whose transaction it is, with its values; whoever asks for it sends it."""
    scope.told = context
    return SAY_AND_TAKE_TIME if scope.job else SAY, (str(scope.organization_id), context)


def _say(connection: Connection, scope: Scope, context: str) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(*announcement(scope, context))
    except psycopg.Error as error:
        raise as_sqlalchemy(error, connection) from error


def _after_begin(session: TenantSession, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:
        scope = scope_of(session)
        if scope.travels:  # a trip says it, together with what it is for
            scope.unsaid = scope.context()
            return
        say(connection, scope)
        scope.unsaid = None


def announce_again() -> None:
    """Have the scope said again after its actor, step or reason changed, before the next row is written.

    What was added before is flushed under the old. Whoever only reads, or writes what the trail does not record, says
    nothing: the trail alone listens.
    """
    from voelgoed.foundation.database import db

    session = db.session()
    if session.in_transaction():
        if recorded(session):
            session.flush()
        scope = current_scope()
        scope.unsaid = scope.context()


def recorded(session: Session) -> bool:
    """Say whether the trail will record anything of what a session is about to write."""
    pending = (*session.new, *session.dirty, *session.deleted)
    return any(row.declaration.audited for row in pending)


def say_before_writing(session: TenantSession) -> None:
    """Say what was announced since the database last heard, as it was then."""
    scope = session.scope
    if scope.unsaid is None:
        return
    said, scope.unsaid = scope.unsaid, None
    _say(session.connection(), scope, said)


def said_within(session: TenantSession) -> str:
    """Return what a statement itself tells `app.context`: triggers of the trail run at its end, when it has."""
    scope = session.scope
    # What was changed since and not announced yet is about rows to come, not about those that are written now.
    scope.told, scope.unsaid = scope.unsaid or scope.told or scope.context(), None
    return scope.told


def say_again() -> None:
    """Say the scope again inside a running transaction, unless it has failed."""
    from voelgoed.foundation.database import db

    session = db.session()
    if not session.in_transaction() or not session.is_active:
        return
    connection = session.connection()
    driver = connection.connection.driver_connection
    # In a failed transaction nothing can be said, and nothing will be kept.
    if driver is not None and driver.info.transaction_status != TransactionStatus.INERROR:
        say(connection, current_scope())
        current_scope().unsaid = None


def _say_anew(session: TenantSession, previous: SessionTransaction) -> None:
    """A savepoint that is rolled back takes back what was said inside it, too."""
    if previous.nested:
        session.scope.unsaid = session.scope.context()


def listen() -> None:
    """Attach the listener to every session that `db` makes, once."""
    from voelgoed.foundation.database import db

    if not event.contains(db.session, "after_begin", _after_begin):
        event.listen(db.session, "after_begin", _after_begin)
        event.listen(db.session, "after_soft_rollback", _say_anew)
