"""The schema: tables from the classes, policies and triggers from their declarations, one hash of it all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import psycopg
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from voelgoed.foundation.database import db
from voelgoed.foundation.resource.declaration import Declaration, declared

FOUNDATION = Path(__file__).parent
PACKAGE = FOUNDATION.parent
MIGRATIONS = PACKAGE / "migrations"

_more: list[Path] = []


class SchemaDiffers(RuntimeError):
    """The database does not hold what this version of the code declares."""


def also(path: Path) -> None:
    """Add a package's SQL file (functions of the door, views) to what each revision applies, in order of path."""
    if path not in _more:
        _more.append(path)


def tables() -> str:
    """Return the DDL of all tables and indexes, parents first."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    parts = []
    for table in db.metadata.sorted_tables:
        parts.append(str(CreateTable(table).compile(dialect=dialect)).strip() + ";")
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            parts.append(str(CreateIndex(index).compile(dialect=dialect)).strip() + ";")
    return "\n".join(parts)


def guards() -> str:
    """Return the SQL of policies, grants, triggers and door functions, which may be applied again."""
    return "\n".join(_guards())


def _guards() -> Iterator[str]:
    yield (FOUNDATION / "tenancy/keys.sql").read_text()
    yield (FOUNDATION / "audit/trigger.sql").read_text()
    for one in declared():
        yield from _guards_of(one)
    for path in sorted(_more):
        yield path.read_text()


def _guards_of(one: Declaration) -> Iterator[str]:
    table = f'"{one.table}"'
    if one.table == "organization" or one.tenant:
        key = "organization_id" if one.tenant else "id"
        yield _fill("tenancy/policy.sql", table=table, key=key, grants=one.application_may)
    else:
        yield _fill("tenancy/shared.sql", table=table)
    keys = ("organization_id", "id") if one.tenant else ("id",)
    changed = " OR ".join(f"OLD.{key} IS DISTINCT FROM NEW.{key}" for key in keys)
    yield _fill("tenancy/key_trigger.sql", table=table, columns=", ".join(keys), changed=changed)
    yield _fill("audit/no_triggers.sql", table=table)
    if one.append_only:
        yield _fill("tenancy/append_only.sql", table=table)
    elif not one.unaudited:
        yield _fill("audit/triggers.sql", table=table, arguments=_audit_arguments(one))
    for invariant in one.invariants:
        yield invariant.sql.read_text().replace("{table}", table)


def _audit_arguments(one: Declaration) -> str:
    excluded = sorted({"id", "organization_id", "created_at", "updated_at", *one.exclude, *_derived(one)})
    tenant = "organization_id" if one.tenant else "id" if one.table == "organization" else ""
    said = (one.audit, ",".join(excluded), ",".join(sorted(one.redact)), tenant, one.actor_column or "")
    return ", ".join(f"'{word}'" for word in said)


def _derived(one: Declaration) -> Iterator[str]:
    for column in db.metadata.tables[one.table].columns:
        if column.computed is not None or column.name.endswith("_sealed"):
            yield column.name


def _fill(name: str, **values: str) -> str:
    text = (FOUNDATION / name).read_text()
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text


def stamp() -> str:
    """Return the hash of everything that is declared: what start-up compares with the database's."""
    return _stamp_of(tuple(db.metadata.tables))


@lru_cache
def _stamp_of(_declared: tuple[str, ...]) -> str:
    return hashlib.sha256((tables() + guards()).encode()).hexdigest()


def refuse_other_schema(application_url: str) -> None:
    """Raise SchemaDiffers when the database's stamp is not this code's: `voelgoed db upgrade` sets it right."""
    with psycopg.connect(application_url) as connection:
        try:
            row = connection.execute("SELECT hash FROM schema_stamp").fetchone()
        except psycopg.errors.UndefinedTable:
            row = None
    if row is None or row[0] != stamp():
        raise SchemaDiffers("the database's schema is not this version's: run `voelgoed db upgrade`")
