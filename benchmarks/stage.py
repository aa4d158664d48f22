"""The stage: a whole `voelgoed up` in a folder of its own, durable, on loopback, with many tickets."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

START_SECONDS = 60.0
AT_ONCE = 1000  # tickets of one transaction


@dataclass
class Stage:
    """A running stack: its folder, port, the demo's description, seconds of its first and its later start."""

    folder: Path
    port: int
    demo: dict[str, Any]
    first_start: float
    later_start: float
    process: subprocess.Popen[bytes]

    @property
    def house(self) -> dict[str, Any]:
        """Return the organization that is measured."""
        house: dict[str, Any] = self.demo["organizations"][0]
        return house

    @property
    def event_id(self) -> str:
        """Return today's event."""
        return str(self.house["device_tokens"][0]["event_id"])

    def memory(self) -> float:
        """Return the proportional set size of the whole stack, in MiB: shared pages are counted once."""
        root = psutil.Process(self.process.pid)
        total = 0
        for one in [root, *root.children(recursive=True)]:
            try:
                total += one.memory_full_info().pss
            except psutil.NoSuchProcess:
                continue
        return total / 2**20

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds so far of the web processes, the workers and PostgreSQL."""
        spent = dict.fromkeys(("web", "workers", "PostgreSQL"), 0.0)
        for one in psutil.Process(self.process.pid).children(recursive=True):
            try:
                line, times = " ".join(one.cmdline()), one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            kind = "PostgreSQL" if "postgres" in line else "web" if "gunicorn" in line else "workers"
            spent[kind] += times.user + times.system
        return spent

    def cost(self, before: dict[str, float], count: int) -> str:
        """Say what each of so many things has cost in CPU since then."""
        spent = self.cpu()
        parts = (f"{kind} {(spent[kind] - before[kind]) * 1000 / count:.2f}" for kind in spent)
        return f"CPU of each: {', '.join(parts)} ms"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    began = time.perf_counter()
    log = (folder / "bench-up.log").open("wb")
    up = subprocess.Popen(
        [sys.executable, "-m", "voelgoed", "up", "--data", str(folder / "data"), "--port", str(port)],
        stdout=log,
        stderr=log,
    )
    while b"ready: " not in (folder / "bench-up.log").read_bytes():
        if up.poll() is not None or time.perf_counter() - began > START_SECONDS:
            raise SystemExit((folder / "bench-up.log").read_text())
        time.sleep(0.02)
    return up, time.perf_counter() - began


def _stop(up: subprocess.Popen[bytes]) -> None:
    up.send_signal(signal.SIGTERM)
    up.wait(timeout=60)  # a busy machine takes its time


@contextmanager
def stage() -> Iterator[Stage]:
    """Start the stack twice (a first and a later start are two figures), and end it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as room:
        folder, port = Path(room), free_port()
        folder.chmod(0o755)
        up, first = _start(folder, port)
        _stop(up)
        up, later = _start(folder, port)
        try:
            said = subprocess.run(
                [sys.executable, "-m", "voelgoed", "demo", "--json", "--data", str(folder / "data")],
                check=True,
                capture_output=True,
            )
            yield Stage(folder, port, json.loads(said.stdout), first, later, up)
        finally:
            _stop(up)


def application(stage_: Stage) -> Any:
    """Return an application of this process on the stage's database."""
    from voelgoed import create_app
    from voelgoed.cli.settings import settings

    os.environ.pop("DATABASE_URL", None)
    return create_app(settings(stage_.folder / "data"))


def more_codes(app: Any, stage_: Stage, count: int) -> list[str]:
    """Sell so many more tickets by the demo's own path and return their codes."""
    from voelgoed.demo.drawers import person
    from voelgoed.demo.ensure import organization_id_of
    from voelgoed.demo.people import SEEDER
    from voelgoed.demo.sell import sell
    from voelgoed.foundation.boundary import commit
    from voelgoed.foundation.tenancy import rows, scope
    from voelgoed.ticketing.codes import codes_of
    from voelgoed.ticketing.ticket import Ticket

    with app.app_context():
        organization_id = organization_id_of(stage_.house["slug"])
        event_id = UUID(stage_.event_id)
        type_id = UUID(
            next(one for one in stage_.house["events"] if one["id"] == stage_.event_id)["ticket_types"][0]["id"]
        )
        widen(organization_id, type_id, count)
        sold = sell(organization_id, person(organization_id, "box_office"), event_id, type_id, count)
        with scope(organization_id, SEEDER):
            found = codes_of(rows(Ticket).filter(Ticket.id.in_(sold)))
            commit()
            return list(found.values())


def issued(app: Any, stage_: Stage, count: int) -> None:
    """Issue so many tickets more, which nobody pays for, to make the event large."""
    from voelgoed.catalog.ticket_type import TicketType
    from voelgoed.demo.ensure import organization_id_of
    from voelgoed.demo.people import SEEDER
    from voelgoed.foundation.boundary import commit
    from voelgoed.foundation.tenancy import rows, scope
    from voelgoed.ticketing.issue import Wanted, issue

    with app.app_context():
        organization_id = organization_id_of(stage_.house["slug"])
        event = next(one for one in stage_.house["events"] if one["id"] == stage_.event_id)
        type_id = UUID(event["ticket_types"][0]["id"])
        widen(organization_id, type_id, count)
        for done in range(0, count, AT_ONCE):
            with scope(organization_id, SEEDER):
                issue(UUID(stage_.event_id), [Wanted(rows(TicketType).get(type_id), min(AT_ONCE, count - done))])
                commit()


def widen(organization_id: UUID, type_id: UUID, count: int) -> None:
    """Make room for them in the pool and the zones."""
    from sqlalchemy import select

    from voelgoed.catalog.ticket_type import Pool, TypePool
    from voelgoed.catalog.venue import Zone
    from voelgoed.demo.people import SEEDER
    from voelgoed.foundation.boundary import commit
    from voelgoed.foundation.database import db
    from voelgoed.foundation.tenancy import rows, scope

    with scope(organization_id, SEEDER):
        for zone in rows(Zone):
            zone.capacity += 10 * count
        db.session.flush()
        pools = select(Pool).join(TypePool, TypePool.pool_id == Pool.id).where(TypePool.ticket_type_id == type_id)
        for pool in db.session.scalars(pools):
            pool.capacity += count
        commit()
