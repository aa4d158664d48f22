"""What a Resource says about itself: who shares it, how it is recorded, what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from voelgoed.foundation.resource.base import Resource

AuditMode = Literal["full_diff", "minimal"]


@dataclass(frozen=True)
class Invariant:
    """A rule that the database holds: SQL that makes its trigger, and the words of it.

    `sql` names a file; `{table}` in it is the table of the class that declares it.
    """

    name: str
    says: str
    sql: Path


@dataclass
class Declaration:
    """The class keywords of one Resource, resolved."""

    cls: type[Resource]
    table: str
    shared: str | None = None
    unaudited: str | None = None
    audit: AuditMode = "full_diff"
    exclude: tuple[str, ...] = ()
    redact: tuple[str, ...] = ()
    append_only: str | None = None
    archivable: bool = False
    actor_column: str | None = None
    invariants: tuple[Invariant, ...] = ()
    grants: str | None = None
    references: dict[str, str] = field(default_factory=dict)
    """Foreign key column → table that it names."""

    @property
    def tenant(self) -> bool:
        """Say whether each row belongs to exactly one organization."""
        return self.shared is None

    @property
    def audited(self) -> bool:
        """Say whether the trail records each change of a row; what is only ever added is its own record."""
        return not self.unaudited and not self.append_only

    @property
    def application_may(self) -> str:
        """Return what `voelgoed_app` is granted on the table; nothing on a shared one, which the door serves."""
        if self.grants is not None:
            return self.grants
        if self.shared is not None:
            return ""
        return "SELECT, INSERT" if self.append_only else "SELECT, INSERT, UPDATE, DELETE"

    def reference_to(self, parent: type[Resource]) -> str:
        """Return the one column that names `parent`; raises LookupError when there is none or several."""
        table = parent.declaration.table
        named = [column for column, target in self.references.items() if target == table]
        if len(named) != 1:
            raise LookupError(f"{self.cls.__name__} names {parent.__name__} by {named or 'nothing'}")
        return named[0]


_declared: dict[str, Declaration] = {}


def declare(declaration: Declaration) -> None:
    """Remember a class's declaration under its table."""
    _declared[declaration.table] = declaration


def declared() -> Iterator[Declaration]:
    """Return all declarations, by name of table."""
    return iter(sorted(_declared.values(), key=lambda one: one.table))


def declaration_of(table: str) -> Declaration | None:
    """Return the declaration of a table, if it is a Resource's."""
    return _declared.get(table)
