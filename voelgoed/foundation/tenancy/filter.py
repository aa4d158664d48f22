"""The ORM's side of tenancy: filters every statement, refuses what it cannot filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from sqlalchemy import TextClause, Uuid, bindparam, column, event
from sqlalchemy.orm import ORMExecuteState, UOWTransaction, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.schema import Table

from voelgoed.foundation.resource.base import Resource
from voelgoed.foundation.resource.declaration import Declaration, declaration_of, declared
from voelgoed.foundation.tenancy.announce import recorded, say_before_writing, scope_of
from voelgoed.foundation.tenancy.scope import current_scope

if TYPE_CHECKING:
    from voelgoed.foundation.database import TenantSession

SET_BASED = frozenset(
    {
        "scanning.record", "scanning.judge", "occupancy.count", "occupancy.figure", "ledger.balances", "checkout.hold",
        "outbox", "workflow", "idempotency", "reports", "ticketing.issue", "live", "checkout.state", "selling.sale",
        "tills.own_shift", "checkout.cash_step", "ledger.post", "accounts.api_token",
    }
)  # fmt: skip
"""Rooms whose statements may be Core or raw SQL on tenant tables: row level security alone filters them.

The ORM adds nothing inside, neither the tenant nor the default scopes: archived rows are seen."""

_set_based: ContextVar[str | None] = ContextVar("voelgoed_set_based", default=None)


class Unfilterable(RuntimeError):
    """A statement reaches tenant rows by a way that the filter cannot see."""


class ForeignRow(RuntimeError):
    """A row of another organization was about to be written in this scope."""


@contextmanager
def set_based(room: str) -> Iterator[None]:
    """Allow Core and raw SQL inside a listed set-based room; raises LookupError for any other."""
    if room not in SET_BASED:
        raise LookupError(f"{room} is not a listed set-based room")
    token = _set_based.set(room)
    try:
        yield
    finally:
        _set_based.reset(token)


class _Every(type):
    """A class of classes whose subclasses are whatever the declarations say, so that criteria reach them all."""

    def __subclasses__(cls) -> list[type[Any]]:
        return [one.cls for one in declared() if cls.includes(one)]  # type: ignore[attr-defined]


class _Tenant(metaclass=_Every):
    """Stands for every class whose rows belong to one organization, and for the organization itself."""

    organization_id: Any = column("organization_id", Uuid())

    @staticmethod
    def includes(one: Declaration) -> bool:
        return one.tenant or one.table == "organization"


class _Archivable(metaclass=_Every):
    """Stands for every class whose rows can be put away."""

    archived_at: Any = column("archived_at")

    @staticmethod
    def includes(one: Declaration) -> bool:
        return one.archivable


# One option for all scopes, its value read when the statement is sent: SQLAlchemy's cache then holds each once.
OWN = bindparam("own", type_=Uuid(), callable_=lambda: current_scope().organization_id)
# Neither is handed on to relationship loads: those come by here themselves, and find archived rows by their key.
OURS = with_loader_criteria(
    _Tenant, lambda cls: cls.organization_id == OWN, include_aliases=True, propagate_to_loaders=False
)
KEPT = with_loader_criteria(
    _Archivable, lambda cls: cls.archived_at.is_(None), include_aliases=True, propagate_to_loaders=False
)


def _filter(state: ORMExecuteState) -> None:
    scope_of(state.session)  # type: ignore[arg-type]
    if not state.is_select and _is_recorded(state):
        say_before_writing(state.session)  # type: ignore[arg-type]
    if _set_based.get() is not None or state.is_column_load:
        return
    if not state.is_orm_statement:
        _refuse_core(state.statement)
        return
    if state.is_from_statement:
        raise Unfilterable("from_statement() brings a statement that cannot be filtered")
    if state.is_insert:
        return
    if (state.is_update or state.is_delete) and isinstance(state.parameters, list):
        raise Unfilterable("a bulk statement by primary key cannot be filtered: use a WHERE")
    if state.execution_options.get("include_archived") or state.is_relationship_load:
        state.statement = state.statement.options(OURS)
    else:
        state.statement = state.statement.options(OURS, KEPT)


def _is_recorded(state: ORMExecuteState) -> bool:
    """Say whether the trail records what a statement does; of what is not the ORM's nobody knows, nor what cascades."""
    if state.bind_mapper is None or state.is_delete or not (state.is_insert or state.is_update):
        return True
    declaration = getattr(state.bind_mapper.class_, "declaration", None)
    return declaration is None or declaration.audited


def _refuse_core(statement: Any) -> None:
    for element in visitors.iterate(statement):
        if isinstance(element, TextClause):
            raise Unfilterable("raw SQL reaches rows unfiltered: it belongs in a listed set-based room")
        if isinstance(element, Table) and declaration_of(element.name) is not None:
            raise Unfilterable(f"a Core statement on {element.name} cannot be filtered here")


def _refuse_foreign(session: TenantSession, _context: UOWTransaction, _instances: object) -> None:
    if recorded(session):
        say_before_writing(session)
    refuse_foreign(session, (*session.new, *session.dirty, *session.deleted))


def refuse_foreign(session: TenantSession, written: Iterable[Any]) -> None:
    """Raise ForeignRow when a row that is about to be written belongs to another organization."""
    own = scope_of(session).organization_id
    for row in written:
        if isinstance(row, Resource) and row.declaration.tenant and row.organization_id != own:
            raise ForeignRow(f"{type(row).__name__} {row.id} belongs to another organization")


def listen() -> None:
    """Attach the filter to every session that `db` makes, once."""
    from voelgoed.foundation.database import db

    if event.contains(db.session, "do_orm_execute", _filter):
        return
    event.listen(db.session, "do_orm_execute", _filter)
    event.listen(db.session, "before_flush", _refuse_foreign)
