"""The demo's evening that is over: each phone counts its own scans, and lacks none."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from random import Random

from voelgoed.demo.history import _Phone, _scans
from voelgoed.foundation.resource import uuid7


def test_each_phone_counts_its_own_scans_from_one() -> None:
    phones = [_Phone(uuid7(), f"vgd_{number}") for number in range(4)]
    counted = defaultdict(list)
    for scan in _scans(
        [f"VG1.{number}" for number in range(150)], phones, datetime(2026, 11, 17, 16, tzinfo=UTC), Random(1)
    ):
        counted[scan.token_hash].append(scan.sequence)
    assert len(counted) == len(phones)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in counted.values())
