"""An event's tickets as its bundle holds them, kept in this process: the next phone costs only what changed since."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

from cachetools import LRUCache

HASH, SERIAL_HASH, STATE = 16, 8, 6
EVENTS = 4
"""So many are kept; a hundred thousand tickets are 3 MB."""
Rows = Sequence[Any]
Read = Callable[[int], Rows]


@dataclass
class Kept:
    """Records by hash, and who came in; `next` is the first transaction to look at."""

    next: int = 0
    records: dict[bytes, bytes] = field(default_factory=dict)
    stays: dict[bytes, Any] = field(default_factory=dict)

    def note(self, pepper: bytes, found: Rows) -> None:
        """Take in tickets as they stand now."""
        digest = hmac.digest
        for ticket, serial, state, stays in found:
            key = digest(pepper, ticket, "sha256")[:HASH]
            self.records[key] = key + digest(pepper, serial, "sha256")[:SERIAL_HASH] + state[-STATE:]
            if stays:
                self.stays[key] = stays
            else:
                self.stays.pop(key, None)

    def run(self) -> tuple[bytes, dict[int, Any]]:
        """Return the records in one run, sorted by hash, and the stays by their place in it."""
        order = sorted(self.records)
        stays = {place: self.stays[key] for place, key in enumerate(order) if key in self.stays} if self.stays else {}
        return b"".join([self.records[key] for key in order]), stays


_kept: LRUCache[tuple[UUID, UUID, str, bytes], Kept] = LRUCache(EVENTS)
_lock = Lock()


def changed(pepper: bytes, found: Rows) -> tuple[bytes, dict[int, Any]]:
    """Return tickets that changed, as a phone reads them."""
    some = Kept()
    some.note(pepper, found)
    return some.run()


def whole(about: tuple[UUID, UUID, str], pepper: bytes, following: int, read: Read) -> tuple[bytes, dict[int, Any]]:
    """Return all tickets of an event; `about` names organization, event and the database's life.

    `read` gives those written about since a transaction, `following` is where to go on after reading now.
    """
    with _lock:
        known = _kept.get((*about, pepper))
        begun = known.next if known is not None else 0
    found = read(begun)
    with _lock:
        kept = _kept.setdefault((*about, pepper), Kept())
        if begun > kept.next:  # it was dropped meanwhile
            kept.note(pepper, read(0))
        kept.note(pepper, found)
        kept.next = max(kept.next, following)
        return kept.run()


def forget() -> None:
    """Forget all events (between tests)."""
    _kept.clear()
