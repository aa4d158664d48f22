"""Phones that scan on the stack while its parts die: each asks again under one id until it has an answer."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.faults.patrons import PATIENCE, PAUSE, Answers
from voelgoed.foundation.clock import now


@dataclass
class FarPhone:
    """A paired phone on the web: what it was answered, by scan, and the batches that were taken from it."""

    address: str
    token: str
    answers: Answers
    said: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Scan → code and verdict, as it was answered."""
    handed_in: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        bearer = {"Authorization": f"Bearer {self.token}"}
        self.http = httpx.Client(base_url=f"{self.address}/api/v1", headers=bearer, timeout=15, trust_env=False)

    def body(self, code: str, **more: object) -> dict[str, Any]:
        """Return a new scan."""
        return {
            "scan_id": str(uuid4()), "sequence": next(self.numbers), "code": code, "direction": "in",
            "scanned_at": now().isoformat(), **more,
        }  # fmt: skip

    def scan(self, codes: Sequence[str]) -> None:
        """Scan one code after another, each until it is answered."""
        for code in codes:
            body = self.body(code)
            answer = self.until_answered("POST", "/scans", body)
            assert answer.status_code == 200, answer.text
            self.said[body["scan_id"]] = code, answer.json()["verdict"]

    def hand_in(self, codes: Sequence[str]) -> None:
        """Hand in what was scanned without network, until it is taken."""
        key, scans = str(uuid4()), [self.body(code, offline_verdict="offline_admitted") for code in codes]
        taken = self.until_answered("POST", "/scan-batches", {"batch_id": key, "scans": scans})
        assert taken.status_code == 202, taken.text
        self.handed_in[key] = scans

    def until_answered(self, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
        """Ask until there is an answer: nothing that broke off, and nobody who is busy."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.http.request(method, path, json=body)
            except httpx.TransportError as error:
                why: object = repr(error)
            else:
                why = (answer.status_code, answer.text[:300])
                if answer.status_code < 500:
                    self.answers.one()
                    return answer
            assert time.monotonic() < deadline, why
            time.sleep(PAUSE)
