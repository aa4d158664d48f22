"""Scans that were made without network: handed in by two phones, judged by the job, until the last has its verdict."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from benchmarks.figure import Figure
from benchmarks.gate import Phones
from benchmarks.load import Request, load
from benchmarks.stage import Stage

BATCHES, SIZE = 4, 2000
NEEDED = BATCHES * SIZE
AIM = 10_000.0
PATIENCE = 120.0  # seconds


def figures(stage: Stage, phones: Phones, codes: list[str]) -> Iterator[Figure]:
    """Measure from the first batch that is sent to the last that is judged, and what it costs."""
    sent = []
    for at in range(0, NEEDED, SIZE):
        token, scans = phones.offline(codes[at : at + SIZE])
        sent.append((token, {"batch_id": str(uuid4()), "scans": scans}))
    before, began = stage.cpu(), time.perf_counter()
    taken = load(stage.port, [Request.make("POST", "/api/v1/scan-batches", body, token) for token, body in sent], 2)
    accepted = sum(_judged(stage, token, body["batch_id"]) for token, body in sent)
    seconds = time.perf_counter() - began
    more = f"taken in after {taken.percentile(50):.0f} ms, accepted {accepted}, {stage.cost(before, NEEDED)}"
    yield Figure(f"scans in batches of {SIZE} through the job", NEEDED / seconds, "/s", AIM, "/s aimed at", more)


def _judged(stage: Stage, token: str, batch_id: str) -> int:
    """Wait until a batch is done; return how many of its scans were accepted."""
    ask, deadline = [Request.make("GET", f"/api/v1/scan-batches/{batch_id}", token=token)], time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said: dict[str, Any] = json.loads(load(stage.port, ask, 1, keep=True).bodies[0])
        if said["status"] == "done":
            return int(said["accepted"])
        time.sleep(0.05)
    raise SystemExit(f"batch {batch_id} was not judged in {PATIENCE:g} s")
