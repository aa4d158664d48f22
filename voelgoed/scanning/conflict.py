"""A conflict: a scan accepted on a phone that the record cannot accept; only a person closes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, choice, flag, json_value, refers, text


class Conflict(Resource, unique=(("scan_id",),), indexes=(("event_id", "created_at"),)):
    """One per surplus scan; one that later facts make unnecessary stays listed as dissolved."""

    event_id: Mapped[UUID] = refers("event")
    scan_id: Mapped[UUID] = refers("scan")
    ticket_id: Mapped[UUID] = refers("ticket")
    kind: Mapped[str] = choice("surplus", "void", "blocked")
    evidence: Mapped[dict[str, Any]] = json_value(nullable=False)
    dissolved: Mapped[bool] = flag(default=False)


class ConflictClosure(
    Resource, append_only="a conflict is closed once, by a person, with a reason", unique=(("conflict_id",),)
):
    """Somebody decided."""

    conflict_id: Mapped[UUID] = refers("conflict")
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
