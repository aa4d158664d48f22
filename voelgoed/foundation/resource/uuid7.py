"""UUID version 7 (RFC 9562), made in Python because PostgreSQL 15 cannot."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """Make an id; within this process ids are in the order of their making.

    48 bits of milliseconds, 12 that count up inside one (RFC 9562 section 6.2, method 1), 62 random.
    """
    global _last
    tail = int.from_bytes(os.urandom(8), "big")  # 62 of the 64 are used
    with _lock:
        stamp = max(time.time_ns() // 1_000_000 << 12 | int.from_bytes(os.urandom(1), "big"), _last + 1)
        _last = stamp
    milliseconds, counter = stamp >> 12, stamp & 0xFFF
    value = milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    return UUID(int=value)
