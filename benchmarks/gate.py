"""Scans: one ticket each, by 1, 8 and 32 phones at once; the same ticket again; who is inside."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from benchmarks.bare import scans as bare_scans
from benchmarks.figure import Figure, rate
from benchmarks.load import Request, load
from benchmarks.stage import Stage

AT_ONCE = (1, 8, 32)
SCANS = {1: 400, 8: 1200, 32: 2400}
NEEDED = sum(SCANS.values())
AGAIN: dict[str, dict[str, Any]] = {"known by memory or cache": {}, "asked of PostgreSQL": {"recheck": True}}


class Phones:
    """The stage's phones, taken in turn, each with its own sequence: made once, for a number is never used twice."""

    def __init__(self, stage: Stage) -> None:
        self.phones = [(one["token"], itertools.count(one["next_sequence"])) for one in stage.house["device_tokens"]]
        self.turn = itertools.cycle(self.phones)

    def scan(self, code: str, **more: Any) -> Request:
        """Prepare one scan."""
        token, numbers = next(self.turn)
        return Request.make("POST", "/api/v1/scans", _body(code, next(numbers), **more), token)

    def offline(self, codes: list[str]) -> tuple[str, list[dict[str, Any]]]:
        """Have one phone scan codes without network; returns its token and the scans."""
        token, numbers = next(self.turn)
        return token, [_body(code, next(numbers), offline_verdict="offline_admitted") for code in codes]


def _body(code: str, number: int, **more: Any) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    return {"scan_id": str(uuid4()), "sequence": number, "code": code, "direction": "in", "scanned_at": at, **more}


def figures(stage: Stage, phones: Phones, codes: list[str], database_url: str) -> Iterator[Figure]:
    """Measure, each beside the do-nothing view and the bare SQL of the same run."""
    pile = iter(codes)
    nothing = [Request.make("GET", "/healthz")] * 2000
    for at_once in AT_ONCE:
        view = load(stage.port, nothing, at_once)
        bare = bare_scans(database_url, at_once, 1500)
        prepared = [phones.scan(code) for code in itertools.islice(pile, SCANS[at_once])]
        before = stage.cpu()
        met = load(stage.port, prepared, at_once, keep=True)
        cost = stage.cost(before, SCANS[at_once])
        wrong = sum(b'"verdict":"admitted"' not in body.replace(b" ", b"") for body in met.bodies)
        found = rate(f"scan, {at_once} at once", met, bare, "/s bare SQL")
        yield replace(found, more=f"{found.more}, {cost}")
        yield Figure(f"do-nothing view, {at_once} at once", view.rate, "/s", more=f"not admitted: {wrong}")
    for name, more in AGAIN.items():
        again = [phones.scan(codes[0], **more) for _ in range(1000)]
        before = stage.cpu()
        found = rate(f"same ticket again, {name}, 8 at once", load(stage.port, again, 8))
        yield replace(found, more=f"{found.more}, {stage.cost(before, len(again))}")
    token = stage.house["api_tokens"]["gate_supervisor"]
    read = [Request.make("GET", f"/api/v1/events/{stage.event_id}/occupancy", token=token)] * 400
    yield rate(
        "who is inside, 8 at once", load(stage.port, read, 8), load(stage.port, nothing, 8), "/s do-nothing view"
    )
