"""An event's signing keys: made at first need, rotated at will; what an old key signed stays valid."""

from __future__ import annotations

import secrets
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.catalog.event import Event
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.ticketing.signing_key import SigningKey


def active_key(event_id: UUID) -> SigningKey:
    """Return the key that signs an event's codes now, made if there is none."""
    found = _active(event_id)
    if found is None:
        _make(event_id)
        found = _active(event_id)
    assert found is not None
    return found


def rotate(event: Event) -> SigningKey:
    """Retire the active key and make the next one; codes of the old one are still verified."""
    active_key(event.id).retired_at = now()
    db.session.flush()
    return active_key(event.id)


def _active(event_id: UUID) -> SigningKey | None:
    return db.session.scalars(
        select(SigningKey).where(
            SigningKey.event_id == event_id, SigningKey.retired_at.is_(None), SigningKey.revoked_at.is_(None)
        )
    ).one_or_none()


def _make(event_id: UUID) -> None:
    pair = Ed25519PrivateKey.generate()
    # The id is drawn at random, so that it says nothing of the event; 0 is kept for none.
    row = SigningKey(event_id=event_id, number=1 + secrets.randbelow(2**32 - 1))
    row.private_key = pair.private_bytes_raw()
    values = {
        "id": row.id, "event_id": event_id, "number": row.number, "public_key": pair.public_key().public_bytes_raw(),
        "private_key_sealed": row.private_key_sealed,
    }  # fmt: skip
    # Two first sales may both make one: the second waits, then takes the first's.
    db.session.execute(insert(SigningKey).values(**values).on_conflict_do_nothing())
