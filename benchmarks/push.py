"""Push: from a scan's commit (its answer comes after it) to the partial at a Socket.IO client."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from re import search
from statistics import quantiles
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import socketio

from benchmarks.figure import Figure
from benchmarks.gate import Phones
from benchmarks.load import load
from benchmarks.stage import Stage

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


def figures(stage: Stage, codes: list[str]) -> Iterator[Figure]:
    """Measure from the answer to the push, one scan at a time."""
    arrived: list[float] = []
    came = threading.Event()
    client = socketio.Client()

    @client.on("push")
    def _pushed(said: dict[str, object]) -> None:
        if said["id"] == "occupancy":
            arrived.append(time.perf_counter())
            came.set()

    client.connect(f"http://127.0.0.1:{stage.port}", headers={"Cookie": _cookie(stage)}, transports=["websocket"])
    answer = client.call("join", {"room": f"occupancy:{stage.event_id}", "slug": stage.house["slug"]})
    if "joined" not in answer:
        raise SystemExit(f"the room was not joined: {answer}")
    phones, waits, lost = Phones(stage), [], 0
    for code in codes[:PUSHES]:
        came.clear()
        load(stage.port, [phones.scan(code)], 1)
        answered = time.perf_counter()
        if came.wait(3):
            waits.append(max(0.0, arrived[-1] - answered) * 1000)
        else:
            lost += 1
        time.sleep(APART)
    client.disconnect()
    cut = quantiles(waits, n=20)
    yield Figure("push, answer to screen, p50", cut[9], "ms", more=f"{len(waits)} pushes, {lost} lost")
    yield Figure("push, answer to screen, p95", cut[18], "ms", 300.0, "ms aimed at")
