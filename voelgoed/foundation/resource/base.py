"""Resource: what every table in the system inherits, so that nobody has to remember the pillars."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import Model
from voelgoed.foundation.resource.columns import size_checks
from voelgoed.foundation.resource.declaration import AuditMode, Declaration, Invariant, declare
from voelgoed.foundation.resource.relations import Related, foreign_keys, snake
from voelgoed.foundation.resource.types import UtcDateTime
from voelgoed.foundation.resource.uuid7 import uuid7
from voelgoed.foundation.tenancy.scope import current_scope


def _organization() -> UUID:
    return current_scope().organization_id


class Resource(Model):
    """A row that belongs to one organization, is filtered, audited and never leaves its tenant by accident.

    What a class wants otherwise it says in its keywords, each opt-out with its reason.
    """

    __abstract__ = True
    declaration: ClassVar[Declaration]

    if TYPE_CHECKING:
        id: Mapped[UUID]
        organization_id: Mapped[UUID]
        created_at: Mapped[datetime]
        updated_at: Mapped[datetime]
        archived_at: Mapped[datetime | None]

    def __init__(self, **values: Any) -> None:
        # The key comes first: a sealed column is bound to it when it is set.
        key: dict[str, Any] = {"id": values.pop("id", None) or uuid7()}
        if self.declaration.tenant:
            key["organization_id"] = values.pop("organization_id", None) or _organization()
        super().__init__(**key, **values)

    def __init_subclass__(
        cls,
        *,
        shared: str | None = None,
        unaudited: str | None = None,
        audit: AuditMode = "full_diff",
        exclude: tuple[str, ...] = (),
        redact: tuple[str, ...] = (),
        append_only: str | None = None,
        archivable: bool = False,
        actor_column: str | None = None,
        unique: tuple[tuple[str, ...], ...] = (),
        unique_where: dict[tuple[str, ...], str] | None = None,
        indexes: tuple[tuple[str, ...], ...] = (),
        checks: dict[str, str] | None = None,
        invariants: tuple[Invariant, ...] = (),
        grants: str | None = None,
        **rest: Any,
    ) -> None:
        if cls.__dict__.get("__abstract__"):
            super().__init_subclass__(**rest)
            return
        table = cls.__dict__.get("__tablename__") or snake(cls.__name__)
        cls.__tablename__ = table
        cls.declaration = Declaration(
            cls=cls, table=table, shared=shared, unaudited=unaudited, audit=audit, exclude=exclude, redact=redact,
            append_only=append_only, archivable=archivable, actor_column=actor_column, invariants=invariants,
            grants=grants,
        )  # fmt: skip
        cls.declaration.references = _complete(cls, unique, unique_where or {}, indexes, checks or {})
        declare(cls.declaration)
        super().__init_subclass__(**rest)


def _complete(
    cls: type[Resource],
    unique: tuple[tuple[str, ...], ...],
    unique_where: dict[tuple[str, ...], str],
    indexes: tuple[tuple[str, ...], ...],
    checks: dict[str, str],
) -> dict[str, str]:
    """Give the class its key, its times, its constraints and its relationships."""
    _stamps(cls)
    columns = {name: made for name, made in cls.__dict__.items() if isinstance(made, MappedColumn)}
    first = ("organization_id",) if cls.declaration.tenant else ()
    led = {group[0] for group in (*unique, *indexes)}
    arguments, references = foreign_keys(columns, cls.declaration.tenant, led)
    arguments += [UniqueConstraint(*first, *group) for group in unique]
    arguments += [
        Index(
            f"ux_{cls.__tablename__}_{'_'.join(group)}",
            *first,
            *group,
            unique=True,
            postgresql_where=text(where),
        )
        for group, where in unique_where.items()
    ]
    arguments += [Index(None, *first, *group) for group in indexes]
    arguments += [CheckConstraint(sql, name) for name, sql in checks.items()]
    arguments += size_checks(cls.__tablename__, columns)
    cls.__table_args__ = (*arguments, *getattr(cls, "__more_args__", ()))
    for name, made in list(cls.__dict__.items()):
        if isinstance(made, Related):
            setattr(cls, name, made.relationship(cls.__name__))
    return references


def _stamps(cls: type[Resource]) -> None:
    """Set the columns that all share; the tenant's id stands first in the key."""
    if cls.declaration.tenant:
        cls.organization_id = mapped_column(
            Uuid, ForeignKey("organization.id"), primary_key=True, default=_organization, sort_order=-20
        )
    cls.id = mapped_column(Uuid, primary_key=True, default=uuid7, sort_order=-10)
    cls.created_at = mapped_column(
        UtcDateTime, nullable=False, default=now, server_default=text("now()"), sort_order=90
    )
    if not cls.declaration.append_only:
        cls.updated_at = mapped_column(
            UtcDateTime,
            nullable=False,
            default=now,
            onupdate=now,
            server_default=text("now()"),
            sort_order=91,
        )
    if cls.declaration.archivable:
        cls.archived_at = mapped_column(UtcDateTime, nullable=True, sort_order=92)
