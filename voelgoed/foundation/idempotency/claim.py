"""Idempotency-Key: the first request under a key does the work, the next ones get its answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from voelgoed.foundation.calling import fingerprint, plain
from voelgoed.foundation.database import db
from voelgoed.foundation.idempotency.row import IdempotencyKey
from voelgoed.foundation.tenancy.scope import current_scope


class InProgress(Exception):
    """The first request under this key has not committed yet (409): ask again in a moment."""


class OtherBody(Exception):
    """The key was used with another body (422)."""


@dataclass(frozen=True)
class Claimed:
    """A key in the hands of this request; `reference` says where the first one's answer lies, if there was one."""

    fingerprint: str
    body_hash: str
    reference: dict[str, Any] | None

    def keep(self, **reference: Any) -> None:
        """Remember, with the work's commit, where the answer lies: ids, never what is rendered from them."""
        db.session.add(
            IdempotencyKey(fingerprint=self.fingerprint, body_hash=self.body_hash, reference=plain(reference))
        )


def claim(key: str, *, method: str, path: str, body: bytes) -> Claimed:
    """Claim a key for the current actor until the transaction ends; raises InProgress or OtherBody."""
    scope = current_scope()
    who = [scope.actor.kind, str(scope.actor.id), method, path, key]
    printed, hashed = fingerprint(who), hashlib.sha256(body).hexdigest()
    if not db.session.scalar(select(func.pg_try_advisory_xact_lock(_lock(printed)))):
        raise InProgress("a request under this key is still being worked on")
    seen = select(IdempotencyKey).where(IdempotencyKey.fingerprint == printed)
    row = db.session.scalars(seen).one_or_none()
    if row is not None and row.body_hash != hashed:
        raise OtherBody("this key was used with another body")
    return Claimed(printed, hashed, dict(row.reference) if row else None)


def _lock(printed: str) -> int:
    """Advisory locks know no organizations: it goes into the number."""
    said = fingerprint([str(current_scope().organization_id), printed])
    return int(said[:16], 16) - 2**63
