"""A small load: so many connections, each asking one thing after another; bounded in count and time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import quantiles

LOOPBACK = "127.0.0.1"
ANSWER_SECONDS = 60


@dataclass(frozen=True)
class Request:
    """One prepared HTTP/1.1 request on loopback."""

    raw: bytes

    @classmethod
    def make(
        cls, method: str, path: str, body: object | None = None, token: str | None = None, **headers: str
    ) -> Request:
        """Prepare a request; a body is sent as JSON."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {LOOPBACK}", f"Content-Length: {len(content)}"]
        if body is not None:
            lines.append("Content-Type: application/json")
        if token:
            lines.append(f"Authorization: Bearer {token}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return cls("\r\n".join(lines).encode() + b"\r\n\r\n" + content)


@dataclass
class Outcome:
    """What a load met: seconds of each answer, how long it all took, statuses counted."""

    seconds: list[float]
    total: float
    statuses: dict[int, int]
    bodies: list[bytes]

    @property
    def rate(self) -> float:
        """Return answers a second."""
        return len(self.seconds) / self.total if self.total else 0.0

    def percentile(self, percent: int) -> float:
        """Return a percentile in milliseconds."""
        if len(self.seconds) < 2:
            return (self.seconds or [0.0])[0] * 1000
        return quantiles(self.seconds, n=100)[percent - 1] * 1000


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return status, await reader.readexactly(length)


async def _buyer(port: int, queue: Iterator[Request], out: Outcome, keep: bool) -> None:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    for request in queue:
        began = time.perf_counter()
        writer.write(request.raw)
        status, body = await asyncio.wait_for(_answer(reader), ANSWER_SECONDS)
        out.seconds.append(time.perf_counter() - began)
        out.statuses[status] = out.statuses.get(status, 0) + 1
        if keep:
            out.bodies.append(body)
    writer.close()


async def _run(port: int, requests: list[Request], at_once: int, keep: bool) -> Outcome:
    out = Outcome([], 0.0, {}, [])
    queue = iter(requests)
    began = time.perf_counter()
    await asyncio.gather(*(_buyer(port, queue, out, keep) for _ in range(at_once)))
    out.total = time.perf_counter() - began
    return out


def load(port: int, requests: list[Request], at_once: int, keep: bool = False) -> Outcome:
    """Send the requests over `at_once` connections and measure them."""
    return asyncio.run(_run(port, requests, at_once, keep))


def repeat(deed: Callable[[], object], times: int) -> Outcome:
    """Do something so many times in this process and measure it."""
    out = Outcome([], 0.0, {}, [])
    began = time.perf_counter()
    for _ in range(times):
        at = time.perf_counter()
        deed()
        out.seconds.append(time.perf_counter() - at)
    out.total = time.perf_counter() - began
    return out
