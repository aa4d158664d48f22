"""Push: from a scan's commit (its answer comes after it) to the partial at a Socket.IO client."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from re import search
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import socketio

from benchmarks.figure import Figure
from benchmarks.gate import Phones
from benchmarks.load import load
from benchmarks.stage import Stage
from voelgoed.control.look import TENTHS_MOST

PUSHES = 40
APART = 0.35
"""Seconds between scans: pushes are at most four a second for a room, and this measures one, not their queue."""


def _cookie(stage: Stage) -> str:
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    base = f"http://127.0.0.1:{stage.port}"
    page = opener.open(f"{base}/-/sign-in").read().decode()
    proof = search(r'name="csrf-token"\s+content="([^"]+)"', page)
    who = stage.house["sign_ins"][0]
    form = {"email": who["email"], "password": who["password"], "csrf_token": proof.group(1) if proof else ""}
    opener.open(f"{base}/-/sign-in", urlencode(form).encode())
    return "; ".join(f"{one.name}={one.value}" for one in jar)


class Screen:
    """A browser's socket that notes when the figure of a later change than the last has come."""

    def __init__(self, stage: Stage) -> None:
        self.came = threading.Event()
        self.at, self.counted = 0.0, -1
        self.client = socketio.Client()
        self.client.on("push", self._pushed)
        self.client.connect(
            f"http://127.0.0.1:{stage.port}", headers={"Cookie": _cookie(stage)}, transports=["websocket"]
        )
        answer = self.client.call("join", {"room": f"occupancy:{stage.event_id}", "slug": stage.house["slug"]})
        if "joined" not in answer:
            raise SystemExit(f"the room was not joined: {answer}")

    def _pushed(self, said: dict[str, Any]) -> None:
        counted = said["version"] // TENTHS_MOST  # without its last part, which is only time
        if said["id"] == "occupancy" and counted > self.counted:
            self.at, self.counted = time.perf_counter(), counted
            self.came.set()


def figures(stage: Stage, phones: Phones, codes: list[str]) -> Iterator[Figure]:
    """Measure from the answer to the push, one scan at a time; a scan that admits nobody ends the run."""
    screen, waits, lost = Screen(stage), [], 0
    for code in codes[:PUSHES]:
        screen.came.clear()
        met = load(stage.port, [phones.scan(code)], 1, keep=True)
        answered = time.perf_counter()
        if b'"admitted"' not in met.bodies[0]:
            raise SystemExit(f"a scan changed nothing, so nothing can be pushed: {met.bodies[0]!r}")
        if screen.came.wait(3):
            waits.append(max(0.0, screen.at - answered) * 1000)
        else:
            lost += 1
        time.sleep(APART)
    screen.client.disconnect()
    cut = quantiles(waits, n=20) if len(waits) > 1 else [3000.0] * 19
    yield Figure("push, answer to screen, p50", cut[9], "ms", more=f"{len(waits)} pushes, {lost} lost")
    yield Figure("push, answer to screen, p95", cut[18], "ms", 300.0, "ms aimed at")
