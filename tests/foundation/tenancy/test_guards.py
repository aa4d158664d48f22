"""Every guard that the database keeps, with its negative control: refused with it, let in without it.

The list is generated from the declarations: unique indexes, CHECKs, append-only triggers, fixed keys and policies. A
row is made up for each table, without its parents; a new CHECK without a row that breaks it fails here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import ARRAY, Boolean, CheckConstraint, Date, Index, Integer, LargeBinary, Table, Text, UniqueConstraint
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from tests.conftest import World
from tests.foundation.tenancy.broken_rows import BESIDE, BREAKS, FITS, OTHERWISE, WHERE
from voelgoed import tables
from voelgoed.foundation.resource.declaration import declared

tables.load()
TABLES: dict[str, Table] = {one.table: one.cls.__table__ for one in declared()}  # type: ignore[misc]
TENANT = sorted(one.table for one in declared() if one.tenant)
APPEND_ONLY = sorted(one.table for one in declared() if one.append_only)
Row = dict[str, Any]
COUNTER = itertools.count(2)


def name_of(guard: Any) -> str:
    """Return a guard's name as the database has it: cut to what fits there."""
    preparer = postgresql.dialect().identifier_preparer
    return str(preparer.format_index(guard) if isinstance(guard, Index) else preparer.format_constraint(guard))


def uniques() -> list[tuple[str, str]]:
    """Return (table, guard) for all that may stand once; a primary key is one of them."""
    found = []
    for name, table in TABLES.items():
        parts = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
        indexes = [one for one in table.indexes if one.unique]
        found += [(name, name_of(one)) for one in (*parts, *indexes)]
    return sorted(found)


def checks() -> list[tuple[str, str]]:
    """Return (table, guard) for all CHECKs."""
    return sorted(
        (name, name_of(one))
        for name, table in TABLES.items()
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    )


def made(table: str, **fixed: Any) -> Row:
    """Make a row up that the table takes: each value fresh, nothing where nothing may stand."""
    row: Row = {}
    for column in TABLES[table].columns:
        if column.computed is None and (not column.nullable or column.primary_key):
            row[column.name] = fresh(column)
    return {**row, **FITS.get(table, {}), **fixed}


def fresh(column: Any) -> Any:
    """Return a value that no other row has, where its type has enough of them."""
    kind = column.type
    if "words" in column.info:
        return column.info["words"][0]
    if isinstance(kind, ARRAY):
        return []
    if isinstance(kind, JSONB):
        return Jsonb({})
    if isinstance(kind, LargeBinary):
        return uuid4().bytes
    plain: tuple[tuple[type, Callable[[], Any]], ...] = (
        (UuidType, uuid4), (Boolean, lambda: False), (Date, lambda: date.fromordinal(730_000 + next(COUNTER))),
        (Integer, lambda: next(COUNTER)), (Text, lambda: uuid4().hex[: column.info.get("size", 32)]),
    )  # fmt: skip
    kind = getattr(kind, "impl", kind)
    return next((make() for one, make in plain if isinstance(kind, one)), datetime.now(UTC))


@pytest.fixture(scope="module")
def admin(world: World) -> Iterator[psycopg.Connection]:
    """Return the superuser's connection, on which nothing is kept."""
    with psycopg.connect(world.database.url("postgres")) as connection:
        yield connection


@contextmanager
def trying(admin: psycopg.Connection) -> Iterator[Callable[[str, Row], None]]:
    """Hand out a way to insert a row that has no parents; what was done is undone at the end."""
    admin.execute("SET LOCAL session_replication_role = replica")  # no foreign keys, no triggers

    def insert(table: str, row: Row) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, row))
        values = sql.SQL(", ").join(map(sql.Placeholder, row))
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, values)
        with admin.transaction():
            admin.execute(statement, row)

    try:
        yield insert
    finally:
        admin.rollback()


def drop(admin: psycopg.Connection, table: str, guard: str) -> None:
    """Switch a constraint or a unique index off."""
    names = {"t": sql.Identifier(table), "g": sql.Identifier(guard)}
    if any(guard == name_of(one) for one in TABLES[table].indexes):
        admin.execute(sql.SQL("DROP INDEX {g}").format(**names))
    else:
        admin.execute(sql.SQL("ALTER TABLE {t} DROP CONSTRAINT {g} CASCADE").format(**names))


def columns_of(table: str, guard: str) -> list[str]:
    """Return the columns that a unique guard spans; for a computed one that of which it is made."""
    named: list[UniqueConstraint | Index] = [
        *(one for one in TABLES[table].constraints if isinstance(one, UniqueConstraint)), *TABLES[table].indexes,
    ]  # fmt: skip
    spanned = next(one for one in named if name_of(one) == guard).columns
    return [column.name.removesuffix("_key") if column.computed is not None else column.name for column in spanned]


def once(table: str, guard: str) -> tuple[Row, Row]:
    """Return two rows that are alike in all that the guard spans, and in nothing else that can differ."""
    spanned = columns_of(table, guard)
    first = made(table, **WHERE.get(guard, {}))
    first |= {name: fresh(TABLES[table].columns[name]) for name in spanned if first.get(name) is None}
    alike = {name: first[name] for name in spanned}
    return first, {**made(table, **WHERE.get(guard, {})), **OTHERWISE.get(guard, {}), **alike}


@pytest.mark.parametrize(("table", "guard"), uniques())
def test_what_may_stand_once(admin: psycopg.Connection, table: str, guard: str) -> None:
    first, second = once(table, guard)
    with trying(admin) as insert:
        insert(table, first)
        with pytest.raises(psycopg.errors.UniqueViolation) as refused:
            insert(table, second)
        assert refused.value.diag.constraint_name == guard
        drop(admin, table, guard)
        insert(table, second)  # the control: nothing else refused it


@pytest.mark.parametrize(("table", "guard"), checks())
def test_what_must_fit(admin: psycopg.Connection, table: str, guard: str) -> None:
    broken = made(table, **breaking(table, guard))
    with trying(admin) as insert:
        insert(table, made(table))
        for other in BESIDE.get(guard, ()):
            drop(admin, table, other)
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            insert(table, broken)
        assert refused.value.diag.constraint_name == guard
        drop(admin, table, guard)
        insert(table, broken)


def breaking(table: str, guard: str) -> Row:
    """Return the values that break a CHECK: those of sizes and of lists of words follow from the declaration."""
    if guard in BREAKS:
        return BREAKS[guard]
    name, _, kind = guard.removeprefix(f"ck_{table}_").rpartition("_")
    assert kind in ("size", "words"), f"{guard}: add to broken_rows.py a row that it refuses"
    return {name: "-" if kind == "words" else "x" * (TABLES[table].columns[name].info["size"] + 1)}


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "deed", ["UPDATE {} SET created_at = created_at WHERE id = %s", "DELETE FROM {} WHERE id = %s"]
)
def test_what_is_only_added_to(admin: psycopg.Connection, table: str, deed: str) -> None:
    row, statement = made(table), sql.SQL(deed).format(sql.Identifier(table))
    with trying(admin) as insert:
        insert(table, row)
        only = sql.SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER append_only").format(sql.Identifier(table))
        admin.execute(only)  # alone: a row without parents is not asked for them
        with pytest.raises(psycopg.Error, match="append"), admin.transaction():
            admin.execute(statement, (row["id"],))
        admin.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER append_only").format(sql.Identifier(table)))
        assert admin.execute(statement, (row["id"],)).rowcount == 1


@pytest.mark.parametrize("table", TENANT)
def test_what_only_its_organization_sees(admin: psycopg.Connection, table: str) -> None:
    row = made(table)
    with trying(admin) as insert:
        insert(table, row)
        assert seen(admin, table, row["organization_id"]) == 1
        assert seen(admin, table, uuid4()) == 0
        admin.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(sql.Identifier(table)))
        assert seen(admin, table, uuid4()) >= 1


def seen(admin: psycopg.Connection, table: str, organization_id: UUID) -> int:
    """Count the rows of a table that the application sees in a scope."""
    admin.execute("SELECT set_config('app.organization_id', %s, true)", (str(organization_id),))
    admin.execute("SET LOCAL ROLE voelgoed_app")
    count = admin.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    admin.execute("RESET ROLE")
    assert count is not None
    return int(count[0])


def test_the_list_of_broken_rows_names_no_guard_that_is_gone() -> None:
    guards = {guard for _, guard in (*checks(), *uniques())}
    assert set(BREAKS) | set(WHERE) | set(OTHERWISE) | set(BESIDE) <= guards
    assert set(FITS) <= set(TABLES)
