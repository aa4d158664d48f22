"""AuditEntry: who changed what, from which to which, why, through which request, job or device."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, big, identifier, json_value, text


class AuditEntry(
    Resource,
    unaudited="it is the trail itself",
    append_only="the trail is written by triggers and never changes",
    grants="SELECT",
    indexes=(("object", "object_id", "id"), ("actor_id", "id"), ("request",)),
):
    """One change of one row by one statement, written by the trigger in the same transaction."""

    action: Mapped[str] = text(10)
    object: Mapped[str] = text(63)
    object_id: Mapped[UUID] = identifier(nullable=False)
    changes: Mapped[dict[str, list[Any]]] = json_value(nullable=False)
    actor_kind: Mapped[str] = text(10)
    actor_id: Mapped[UUID | None] = identifier()
    actor_label: Mapped[str] = text(400)
    request: Mapped[str | None] = text(100, nullable=True)
    job: Mapped[str | None] = text(100, nullable=True)
    run: Mapped[str | None] = text(100, nullable=True)
    step: Mapped[str | None] = text(100, nullable=True)
    reason: Mapped[str | None] = text(1000, nullable=True)
    transaction: Mapped[int] = big()
