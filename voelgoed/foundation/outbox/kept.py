"""Claims that were written with the row itself: whoever asked for the work does it right after the commit.

They live in this process only. Who ends before is healed by the lease, which is short, and the sweeper.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Lock
from uuid import UUID

from cachetools import LRUCache

from voelgoed.foundation.outbox.claim import Claim

LEASE = timedelta(seconds=10)
_kept: LRUCache[UUID, Claim] = LRUCache(1000)
_lock = Lock()


def keep(claim: Claim) -> None:
    """Put a claim aside, once its row is committed, for whoever asks for its subject first."""
    assert claim.subject_id is not None
    with _lock:
        _kept[claim.subject_id] = claim


def kept(subject_id: UUID) -> Claim | None:
    """Take the claim on a subject's row out of this process's hands; None when it has none, or it is taken."""
    with _lock:
        return _kept.pop(subject_id, None)
