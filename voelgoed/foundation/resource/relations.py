"""Composite foreign keys and the relationships that follow them."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Uuid
from sqlalchemy.orm import MappedColumn, mapped_column, relationship


def refers(
    table: str, *, nullable: bool = False, cascade: bool = False, shared: bool = False, indexed: bool = True
) -> MappedColumn[Any]:
    """A reference to a row of `table` in the same organization (or to a shared table).

    A nullable one becomes NULL when its row goes; others hold it (or go with it: `cascade`). `indexed=False` where
    an index of the class's own begins with it.
    """
    info = {"refers": table, "cascade": cascade, "shared": shared, "indexed": indexed}
    return mapped_column(Uuid, nullable=nullable, info=info)


class Related:
    """A placeholder that the class's making turns into a relationship."""

    def __init__(self, column: str, target: str) -> None:
        self.column, self.target = column, target

    def relationship(self, owner: str) -> Any:
        """Build the many-to-one relationship: only the reference is written, the tenant is compared."""
        join = (
            f"and_(foreign({owner}.{self.column}) == {self.target}.id, "
            f"{owner}.organization_id == {self.target}.organization_id)"
        )
        return relationship(self.target, primaryjoin=join)


def related(column: str, target: str) -> Any:
    """Declare the object that a reference names: `venue: Mapped[Venue] = related("venue_id", "Venue")`.

    It is found though it was archived, unless it is loaded in one statement with its owner (`joinedload`).
    """
    return Related(column, target)


def snake(name: str) -> str:
    """Turn a class's name into its table's: JournalLine → journal_line."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def foreign_keys(
    columns: dict[str, MappedColumn[Any]], tenant: bool, led: Set[str] = frozenset()
) -> tuple[list[Any], dict[str, str]]:
    """Make the constraints and indexes of all references; also say column → table.

    A reference that leads another index (`led`) needs none of its own: each is written with every row.
    """
    made: list[Any] = []
    references: dict[str, str] = {}
    for name, column in columns.items():
        info = column.column.info
        if "refers" not in info:
            continue
        target = references[name] = info["refers"]
        if info["shared"]:
            made.append(ForeignKeyConstraint([name], [f"{target}.id"]))
        else:
            on_delete = "CASCADE" if info["cascade"] else f"SET NULL ({name})" if column.column.nullable else None
            made.append(
                ForeignKeyConstraint(
                    ["organization_id", name],
                    [f"{target}.organization_id", f"{target}.id"],
                    ondelete=on_delete,
                )
            )
        if info["indexed"] and name not in led:
            made.append(Index(None, *(("organization_id",) if tenant else ()), name))
    return made, references
