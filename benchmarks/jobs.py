"""Ceiling: a job that does nothing, through the queue of sales, from the row to the mark that it is done."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.load import Outcome

NOTHING = "voelgoed.foundation.clock.now"
"""A function without arguments, whose value nobody wants."""
LOOK_SECONDS, PATIENCE_SECONDS = 0.003, 30.0
DONE = "SELECT done_at IS NOT NULL FROM outbox_row WHERE id = %s"


def jobs(app: Any, organization_id: UUID, owner_url: str, at_once: int, count: int) -> Outcome:
    """Have so many jobs done, `at_once` waiting at any moment."""
    out = Outcome([], 0.0, {}, [])

    def work(share: int) -> None:
        with app.app_context(), psycopg.connect(owner_url, autocommit=True) as looking:
            looking.execute("SET ROLE voelgoed_owner")
            for _ in range(share):
                began = time.perf_counter()
                _wait(looking, _asked(organization_id))
                out.seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(work, [count // at_once] * at_once))
    out.total = time.perf_counter() - began
    return out


def _asked(organization_id: UUID) -> UUID:
    from voelgoed.demo.people import SEEDER
    from voelgoed.foundation.boundary import commit
    from voelgoed.foundation.outbox import enqueue
    from voelgoed.foundation.tenancy import scope

    with scope(organization_id, SEEDER):
        row_id = enqueue("checkout", NOTHING).id
        commit()
    return row_id


def _wait(looking: psycopg.Connection[Any], row_id: UUID) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        row = looking.execute(DONE, (row_id,)).fetchone()
        if row is None or row[0]:
            return
        if time.monotonic() > until:
            raise SystemExit("a job that does nothing was not done")
        time.sleep(LOOK_SECONDS)
