"""The one `db`: sessions belong to a scope, names of constraints follow one convention."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.model import Model as FlaskModel
from flask_sqlalchemy.session import Session
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from voelgoed.foundation.tenancy.query import TenantQuery
from voelgoed.foundation.tenancy.scope import Scope, current_scope

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What Flask-SQLAlchemy builds `db.Model` from."""

    metadata = MetaData(naming_convention=NAMES)


class TenantSession(Session):
    """A session of one scope for as long as it lives: it is never bound to another."""

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        super().__init__(db, **options)
        self.scope = current_scope()
        self.known_in: object = None
        self.known: dict[Hashable, Any] = {}
        """What `read_once` has read in the transaction `known_in`."""
        self._driver_in: object = None
        self._driver: Any = None

    @property
    def driver(self) -> psycopg.Connection[Any]:
        """The driver's own connection of this transaction, which begins one; for statements that pass SQLAlchemy by."""
        if self._driver_in is None or self._driver_in is not self._innermost():
            connection = self.connection()  # which also sends the SAVEPOINT of a nested one
            self._driver_in, self._driver = self._innermost(), connection.connection.driver_connection
        driver: psycopg.Connection[Any] = self._driver
        return driver

    def _innermost(self) -> object:
        return self.get_nested_transaction() or self.get_transaction()

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what is pending: new rows in one statement for all of them, anything else by the unit of work."""
        from voelgoed.foundation.together import write_together

        if objects is not None or not write_together(self):
            super().flush(objects)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy whose sessions live and end with a Scope, not with a request."""

    def _teardown_session(self, exc: BaseException | None) -> None:
        """Do nothing: `scope()` removes its own session."""


def _scope() -> Scope:
    return current_scope()


db = Database(
    model_class=Base,
    query_class=TenantQuery,  # type: ignore[arg-type]
    session_options={
        "class_": TenantSession,
        "scopefunc": _scope,
        "expire_on_commit": False,
        "query_cls": TenantQuery,
    },
)

if TYPE_CHECKING:
    import psycopg

    class Model(FlaskModel, DeclarativeBase):
        """The declarative base as type checkers see it."""
else:
    Model = db.Model
