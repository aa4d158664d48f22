"""An event's tickets as its bundle holds them, kept in this process: the next phone costs only what changed since."""

from __future__ import annotations

import hmac
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

from cachetools import LRUCache

RECORD = struct.Struct(">16s8sBBHBB")
HASH, SERIAL_HASH = 16, 8
VOID, BLOCKED = 1, 2
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
        for row in found:
            key = hmac.digest(pepper, row.id.bytes, "sha256")[:HASH]
            serial = hmac.digest(pepper, row.serial.replace("-", "").encode(), "sha256")[:SERIAL_HASH]
            flags = VOID * row.void | BLOCKED * row.blocked
            self.records[key] = RECORD.pack(key, serial, row.code_version, row.type, row.days, row.bodies, flags)
            if row.stays:
                self.stays[key] = row.stays
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
