"""Idempotency-Key: the first request under a key does the work, the next ones get its answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from voelgoed.foundation.calling import fingerprint, plain
from voelgoed.foundation.database import db
from voelgoed.foundation.idempotency.row import IdempotencyKey
from voelgoed.foundation.tenancy.plain_sql import PlainSQL
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
    row = CLAIM.one(fingerprint=printed, lock=_lock(printed))
    if not row.locked:
        raise InProgress("a request under this key is still being worked on")
    if row.body_hash is not None and row.body_hash != hashed:
        raise OtherBody("this key was used with another body")
    return Claimed(printed, hashed, row.reference)


# Whoever commits between this statement's look at the rows and its lock is not seen. The key's unique index sees it:
# then the second one's work is rolled back (`came_between`), as if it had met the first one at work.
CLAIM = PlainSQL(
    "idempotency",
    "SELECT pg_try_advisory_xact_lock(%(lock)s::bigint) AS locked, i.body_hash, i.reference"
    " FROM (SELECT 1) AS one LEFT JOIN idempotency_key i ON i.fingerprint = %(fingerprint)s",
)


def came_between(error: IntegrityError) -> bool:
    """Say whether a write failed because another request under the same key was a moment faster."""
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return constraint == "uq_idempotency_key_organization_id_fingerprint"


def _lock(printed: str) -> int:
    """Advisory locks know no organizations: it goes into the number."""
    said = fingerprint([str(current_scope().organization_id), printed])
    return int(said[:16], 16) - 2**63
