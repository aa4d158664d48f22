"""Makers of columns: one word each, so that a class reads as a table of contents."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import MappedColumn, mapped_column

from voelgoed.foundation.resource.types import Money, UtcDateTime

XACT = "(pg_current_xact_id()::text)::bigint"


def text(size: int, *, nullable: bool = False, default: str | None = None) -> MappedColumn[Any]:
    """Text of at most `size` characters; empty text is refused unless it is nullable."""
    return mapped_column(Text, nullable=nullable, default=default, info={"size": size})


def choice(*words: str, nullable: bool = False, default: str | None = None) -> MappedColumn[Any]:
    """One of a closed list of words, held by a CHECK."""
    return mapped_column(Text, nullable=nullable, default=default, info={"words": words})


def key_of(column: str) -> MappedColumn[Any]:
    """The stored, folded form of another column, for look-ups that an index may serve under a policy."""
    folded = f"lower({column})"
    return mapped_column(Text(collation="C"), Computed(folded, persisted=True), nullable=True, info={"derived": True})


def integer(*, nullable: bool = False, default: int | None = None) -> MappedColumn[Any]:
    """A 32-bit integer."""
    return mapped_column(Integer, nullable=nullable, default=default)


def small(*, nullable: bool = False, default: int | None = None) -> MappedColumn[Any]:
    """A 16-bit integer."""
    return mapped_column(SmallInteger, nullable=nullable, default=default)


def big(*, nullable: bool = False, default: int | None = None) -> MappedColumn[Any]:
    """A 64-bit integer."""
    return mapped_column(BigInteger, nullable=nullable, default=default)


def cents(*, nullable: bool = False, default: int | None = None) -> MappedColumn[Any]:
    """Money in integer minor units; the currency stands beside it or on the parent."""
    return mapped_column(Money, nullable=nullable, default=default)


def flag(*, default: bool = False) -> MappedColumn[Any]:
    """True or false, never unknown."""
    return mapped_column(Boolean, nullable=False, default=default)


def moment(*, nullable: bool = False, default: Any = None) -> MappedColumn[Any]:
    """An instant in UTC."""
    return mapped_column(UtcDateTime, nullable=nullable, default=default)


def calendar_day(*, nullable: bool = False, default: date | None = None) -> MappedColumn[Any]:
    """A date on the wall, without a time zone."""
    return mapped_column(Date, nullable=nullable, default=default)


def json_value(*, nullable: bool = True, default: Any = None) -> MappedColumn[Any]:
    """A JSON value (JSONB)."""
    return mapped_column(JSONB(none_as_null=True), nullable=nullable, default=default)


def binary(*, nullable: bool = True) -> MappedColumn[Any]:
    """Bytes."""
    return mapped_column(LargeBinary, nullable=nullable)


def identifier(*, nullable: bool = True) -> MappedColumn[Any]:
    """A UUID that is no foreign key: it names something on the right, or in another world."""
    return mapped_column(Uuid, nullable=nullable)


def written_in() -> MappedColumn[Any]:
    """The transaction that wrote the row: what a reader that must miss none goes by, for they commit out of order."""
    return mapped_column(BigInteger, nullable=False, server_default=literal_column(XACT))


def words() -> MappedColumn[Any]:
    """A list of words."""
    return mapped_column(ARRAY(Text), nullable=False, default=list)


def size_checks(table: str, columns: dict[str, MappedColumn[Any]]) -> list[CheckConstraint]:
    """Make the CHECKs that `text` and `choice` promise."""
    checks = []
    for name, made in columns.items():
        info = made.column.info
        if "size" in info:
            low = 0 if made.column.nullable else 1
            checks.append(CheckConstraint(f"char_length({name}) between {low} and {info['size']}", f"{name}_size"))
        if "words" in info:
            listed = ", ".join(f"'{word}'" for word in info["words"])
            checks.append(CheckConstraint(f"{name} in ({listed})", f"{name}_words"))
    return checks
