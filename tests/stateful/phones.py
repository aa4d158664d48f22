"""Phones at the gate with networks that drop, delay, repeat and cut: each keeps what was not answered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from tests.scanning.evening import Phone
from tests.stateful.gate import Gate, Ticket
from voelgoed.foundation.clock import now

FATES = ("fine",) * 6 + ("lost", "cut", "twice", "late")
"""What becomes of a message: the answer comes; it never arrives; its answer never comes; it arrives twice; or later."""


@dataclass
class Kept:
    """A scan that the phone said something about by itself, or a deed, that has no answer yet."""

    body: dict[str, Any]
    proven: bool = True

    @property
    def key(self) -> str:
        """Return the scan's id, or the deed's."""
        return str(self.body.get("deed_id", self.body["scan_id"]))


@dataclass
class Steward:
    """A phone in somebody's hand: its gate and clock, what it knows of tickets, what it has not handed in."""

    phone: Phone
    gate: Gate
    paired: datetime
    skew: timedelta
    offset_ms: int
    online: bool = True
    retired: bool = False
    inside: dict[UUID, bool] = field(default_factory=dict)
    void: set[UUID] = field(default_factory=set)
    unsent: list[Kept] = field(default_factory=list)
    batches: dict[str, list[Kept]] = field(default_factory=dict)
    said: list[tuple[dict[str, Any], str, Ticket | None]] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def scan(self, code: str, way: str, bodies: int | None, recheck: bool) -> dict[str, Any]:
        """Return a new scan by the phone's own clock."""
        return {
            "scan_id": str(uuid4()), "sequence": next(self.numbers), "code": code, "direction": way, "bodies": bodies,
            "scanned_at": (now() + self.skew).isoformat(), "clock_offset_ms": self.offset_ms, "recheck": recheck,
            "gate_id": str(self.gate.id),
        }  # fmt: skip

    def judge(self, ticket: Ticket | None, body: dict[str, Any]) -> str:
        """Say by oneself what the server would: by what one has seen, and what one last heard."""
        if ticket is None:
            return "forged"
        if body["direction"] == "out":
            verdict = "exited" if self.inside.get(ticket.id) else "not_inside"
            self.inside[ticket.id] = False
        elif ticket.id in self.void:
            return "void"
        elif self.inside.get(ticket.id):
            return "duplicate"
        else:
            verdict = "offline_admitted"
            self.inside[ticket.id] = True
        return verdict

    def keep(self, body: dict[str, Any], verdict: str) -> None:
        """Write a scan down until it is answered."""
        self.unsent.append(Kept({**body, "offline_verdict": verdict}))

    def hand_in(self, chance: Random) -> tuple[str, list[Kept]]:
        """Make a batch of some of what was not answered, in any order, or send one again that was sent before."""
        if self.batches and chance.random() < 0.3:
            return chance.choice(list(self.batches.items()))
        some = chance.sample(self.unsent, chance.randint(1, len(self.unsent)))
        if chance.random() < 0.2:
            some.append(some[0])
        key = str(uuid4())
        self.batches[key] = some
        return key, some

    def answered(self, results: list[dict[str, Any]]) -> None:
        """Forget what was answered, and nothing else."""
        done = {one["scan_id"] for one in results}
        self.unsent = [one for one in self.unsent if one.key not in done]
