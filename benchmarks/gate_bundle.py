"""A large event: what a phone takes along, how long that takes to make, whether a scan costs the same among many."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from benchmarks.figure import Figure, rate
from benchmarks.gate import Phones
from benchmarks.load import Request, load
from benchmarks.stage import Stage

SCANS = 1200


def figures(stage: Stage, phones: Phones, codes: list[str], tickets: int, few: float) -> Iterator[Figure]:
    """Measure the bundle, then scans at 32 at once; `few` is their rate when there were few tickets."""
    token = stage.house["device_tokens"][0]["token"]
    ask = [Request.make("GET", f"/api/v1/events/{stage.event_id}/bundle", token=token)]
    met = [load(stage.port, ask, 1, keep=True) for _ in range(10)]
    seconds = sorted(one.seconds[0] for one in met)
    size = len(met[0].bodies[0]) / 1e6
    yield Figure(f"bundle of {tickets:,} tickets, made anew", seconds[-1], "s", 1.0, "s aimed at", "the slowest of 10")
    yield Figure("the same, remembered", seconds[len(seconds) // 2] * 1000, "ms", more="the median of 10")
    yield Figure("its size", size, "MB", 5.0, "MB aimed at")
    before = stage.cpu()
    scans = load(stage.port, [phones.scan(code) for code in itertools.islice(codes, SCANS)], 32)
    one = rate(f"scan among {tickets:,} tickets, 32 at once", scans)
    more = f"{one.more}, {stage.cost(before, SCANS)}"
    yield Figure(one.name, one.value, one.unit, few, "/s among few", more)
