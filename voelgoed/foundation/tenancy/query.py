"""The tenant-scoped query: rows are reached through their parent, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect, orm
from werkzeug.exceptions import NotFound

if TYPE_CHECKING:
    from voelgoed.foundation.database import TenantSession
    from voelgoed.foundation.resource.base import Resource

T = TypeVar("T")
R = TypeVar("R", bound="Resource")


class TenantQuery(orm.Query[T]):
    """A query of one class, already filtered by the scope; `.get(id)` answers the row or 404."""

    def get(self, ident: Any) -> T:
        """Return the row with this id; raises NotFound when it is not among these rows."""
        entity: Any = self.column_descriptions[0]["entity"]
        found = self.filter(entity.id == ident).first()
        if found is None:
            raise NotFound(f"no such {entity.__name__}")
        return found

    def including_archived(self) -> TenantQuery[T]:
        """Widen the query to rows that were archived."""
        return self.execution_options(include_archived=True)


def rows(cls: type[R]) -> TenantQuery[R]:
    """Query all rows of a class in the scope's organization, which is their parent."""
    from voelgoed.foundation.database import db

    query: TenantQuery[R] = db.session().query(cls)  # type: ignore[assignment]
    return query


def at_hand(cls: type[R], ident: UUID) -> R:
    """Return a row that this session has read or written already, as it knows it; else read it, else 404.

    For a row that the transaction holds or that never changes: nobody looks whether it has changed since.
    """
    from voelgoed.foundation.database import db
    from voelgoed.foundation.tenancy.scope import current_scope

    session = db.session()
    own = ident if cls.declaration.shared else (current_scope().organization_id, ident)
    known = session.identity_map.get(session.identity_key(cls, own))
    return known if known is not None and not inspect(known).expired else rows(cls).get(ident)


def read_once(key: Hashable, read: Callable[[], T]) -> T:
    """Return what `read` said under this key before in the same transaction; else let it read.

    For what the transaction holds, or what never changes: like `at_hand`, but of values, and kept to the commit. In a
    savepoint it reads anew, as what was locked there is let go with it.
    """
    from voelgoed.foundation.database import db

    session: TenantSession = db.session()  # type: ignore[assignment]
    transaction = session.get_transaction()
    if session.in_nested_transaction() or transaction is None:
        return read()
    if session.known_in is not transaction:
        session.known_in, session.known = transaction, {}
    if key not in session.known:
        session.known[key] = read()
    found: T = session.known[key]
    return found


def children(parent: Resource, cls: type[R]) -> TenantQuery[R]:
    """Query the rows of `cls` that name `parent`; raises LookupError when the class does not refer to it."""
    column = cls.declaration.reference_to(type(parent))
    return rows(cls).filter(getattr(cls, column) == parent.id)


def one_of(parent: Resource, cls: type[R], ident: UUID) -> R:
    """Return one child of a parent by id, else 404."""
    return children(parent, cls).get(ident)
