"""Writing new rows of many classes in one statement; the unit of work sends one for each class, and takes longer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import ClauseElement, Column, Dialect, Table, TypeDecorator, inspect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm.attributes import set_committed_value

from voelgoed.foundation.database import TenantSession, db
from voelgoed.foundation.resource import Resource
from voelgoed.foundation.tenancy.announce import said_within
from voelgoed.foundation.tenancy.driver import send
from voelgoed.foundation.tenancy.filter import refuse_foreign

DIALECT: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
SAY = "SELECT set_config('app.context', %(context)s, true) IS NOT NULL"
INTO = 'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::"{table}", {given})'


def write_together(session: TenantSession) -> bool:
    """Write all that a session holds in one statement, as its flush; False, and nothing, where that cannot be.

    It can for new rows of values. What the database must work out (an SQL expression), a row that names another as an
    object, a changed or a deleted row is the unit of work's. Foreign keys are judged at the statement's end, so that
    the classes need no order; the trail is written once for each.
    """
    new = list(session.new)
    if not new or session.dirty or session.deleted or not all(map(_is_plain, new)):
        return False
    _send(session, new, _statement(_classes(new)))
    return True


def write_unless_there(first: Resource, *key: str) -> bool:
    """Write all that the scope's session holds, new rows of values, unless a row with the key of `first` is there.

    Then False, and none of them is written or held any more. Who writes the same key now is waited for.
    """
    session: TenantSession = db.session()  # type: ignore[assignment]
    new = list(session.new)
    if _send(session, new, _unless_there(type(first), key, _classes(new))):
        return True
    for row in new:
        session.expunge(row)
    return False


def _send(session: TenantSession, new: Sequence[Any], statement: bytes) -> bool:
    refuse_foreign(session, new)
    given = Jsonb(_given(new), dumps=_written)
    driver = session.driver
    # The trail runs at the statement's end: by then it knows who acts.
    (written,) = send(session, driver, statement, {"given": given, "context": said_within(session)})
    if not written[0]:
        return False
    # As after any flush, so that a rollback knows these rows as made here; there is no public way to say so.
    session._register_persistent({inspect(row) for row in new})
    return True


@dataclass(frozen=True)
class _Field:
    """A column that is written: its attribute, its default, and what its type makes of a value."""

    attribute: str
    column: str
    default: Callable[[Any], Any] | None
    bound: Callable[[Any], Any] | None


@cache
def _fields(cls: type[Resource]) -> tuple[_Field, ...]:
    mapper = inspect(cls)
    table: Table = cls.__table__  # type: ignore[assignment]
    made = ((mapper.get_property_by_column(column).key, column) for column in table.columns)
    return tuple(_Field(key, one.name, _default(one), _bound(one)) for key, one in made if one.computed is None)


def _default(column: Column[Any]) -> Callable[[Any], Any] | None:
    given: Any = column.default
    if given is None:
        return None
    return given.arg if given.is_callable else lambda _context: given.arg


def _bound(column: Column[Any]) -> Callable[[Any], Any] | None:
    kind = column.type
    return (lambda value: kind.process_bind_param(value, DIALECT)) if isinstance(kind, TypeDecorator) else None


@cache
def _related(cls: type[Resource]) -> frozenset[str]:
    return frozenset(inspect(cls).relationships.keys())


@cache
def _fills_in(cls: type[Resource]) -> bool:
    """Say whether the database gives a class's new rows a value that nobody here knows."""
    return any(
        one.server_default is not None and one.default is None and one.computed is None for one in cls.__table__.columns
    )


def _is_plain(row: Any) -> bool:
    """Say whether a row is all values: no SQL, and no object of which the unit of work would take the key."""
    held = row.__dict__
    if not isinstance(row, Resource) or _fills_in(type(row)) or not _related(type(row)).isdisjoint(held):
        return False
    return not any(isinstance(value, ClauseElement) for value in held.values())


def _classes(rows: Iterable[Resource]) -> tuple[type[Resource], ...]:
    """Return the classes of rows, always in the same order."""
    return tuple(sorted({type(row) for row in rows}, key=lambda cls: cls.declaration.table))


@cache
def _statement(classes: tuple[type[Resource], ...]) -> bytes:
    parts = ", ".join(f"n{number} AS ({_insert(cls)})" for number, cls in enumerate(classes))
    return f"WITH {parts} {SAY}".encode()


@cache
def _unless_there(first: type[Resource], key: tuple[str, ...], classes: tuple[type[Resource], ...]) -> bytes:
    place = ", ".join(("organization_id", *key))
    parts = [f"made AS ({_insert(first)} ON CONFLICT ({place}) DO NOTHING RETURNING 1)"]
    others = (cls for cls in classes if cls is not first)
    parts += [f"n{number} AS ({_insert(cls)} WHERE EXISTS (SELECT FROM made))" for number, cls in enumerate(others)]
    return f"WITH {', '.join(parts)} {SAY} AND EXISTS (SELECT FROM made)".encode()


def _insert(cls: type[Resource]) -> str:
    columns = ", ".join(f'"{one.column}"' for one in _fields(cls))
    table = cls.declaration.table
    return INTO.format(table=table, columns=columns, given=f"%(given)s::jsonb->'{table}'")


def _given(rows: Sequence[Resource]) -> dict[str, list[dict[str, Any]]]:
    given: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        given.setdefault(row.declaration.table, []).append(_values(row))
    return given


def _values(row: Resource) -> dict[str, Any]:
    held, values = row.__dict__, {}
    for one in _fields(type(row)):
        if one.attribute in held:
            value = held[one.attribute]
        else:
            value = one.default(None) if one.default else None
            set_committed_value(row, one.attribute, value)
        values[one.column] = one.bound(value) if one.bound else value
    return values


def _written(given: Any) -> str:
    return json.dumps(given, default=_as_text, separators=(",", ":"))


def _as_text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{value!r} is no value of a column")
