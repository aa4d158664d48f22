"""Public keys by number, remembered by this process: a key never changes, only who may sign with it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy import select

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope
from voelgoed.ticketing.signing_key import SigningKey

_known: LRUCache[tuple[UUID, int], bytes] = LRUCache(10_000)


def public_keys(numbers: Iterable[int]) -> dict[int, bytes]:
    """Return the public keys of this organization by number; a number of another's is not among them."""
    own = current_scope().organization_id
    wanted = set(numbers)
    missing = [number for number in wanted if (own, number) not in _known]
    if missing:
        query = select(SigningKey.number, SigningKey.public_key).where(
            SigningKey.number.in_(missing), SigningKey.revoked_at.is_(None)
        )
        for number, key in db.session.execute(query):
            _known[own, number] = key
    return {number: _known[own, number] for number in wanted if (own, number) in _known}


def forget() -> None:
    """Forget all keys, after one was revoked."""
    _known.clear()
