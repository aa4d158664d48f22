"""An event's pepper: what makes the ticket ids in a phone's storage say nothing outside this event."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Event
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, Sealed, binary, refers


class Pepper(Resource, exclude=("secret_sealed",), unique=(("event_id",),)):
    """Thirty-two random bytes, made when the first phone asks for its bundle."""

    event_id: Mapped[UUID] = refers("event")
    secret_sealed: Mapped[bytes] = binary(nullable=False)
    secret = Sealed("secret_sealed")


def pepper_of(event: Event) -> bytes:
    """Return the event's pepper; two phones that ask first at once get the same."""
    found = _find(event)
    if found is None:
        made = Pepper(event_id=event.id)
        made.secret = secrets.token_bytes(32)
        values = {"id": made.id, "event_id": event.id, "secret_sealed": made.secret_sealed}
        db.session.execute(insert(Pepper).values(values).on_conflict_do_nothing())
        found = _find(event)
    secret = found.secret if found else None
    if secret is None:
        raise LookupError("the pepper that was just written is gone")
    return secret


def _find(event: Event) -> Pepper | None:
    return db.session.scalars(select(Pepper).where(Pepper.event_id == event.id)).one_or_none()
