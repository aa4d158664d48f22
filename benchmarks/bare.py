"""Ceilings: the bare SQL of the same transaction, by a client that does nothing else."""

from __future__ import annotations

import asyncio
import time

import psycopg

from benchmarks.load import Outcome

TABLES = """
CREATE TABLE IF NOT EXISTS bare_scan (id uuid PRIMARY KEY, ticket uuid, at timestamptz, answer jsonb);
CREATE TABLE IF NOT EXISTS bare_admission (ticket uuid, pass int, at timestamptz, PRIMARY KEY (ticket, pass));
CREATE TABLE IF NOT EXISTS bare_minute (gate int PRIMARY KEY, bodies int);
CREATE TABLE IF NOT EXISTS bare_pool (id int PRIMARY KEY, taken int);
CREATE TABLE IF NOT EXISTS bare_row (id uuid PRIMARY KEY, words text);
INSERT INTO bare_pool SELECT n, 0 FROM generate_series(1, 8) n ON CONFLICT DO NOTHING;
"""
SCAN = (
    "SELECT set_config('app.organization_id', %s, true)",
    "SELECT * FROM bare_admission WHERE ticket = %s::uuid",
    "INSERT INTO bare_scan VALUES (gen_random_uuid(), %s::uuid, now(), '{}')",
    "INSERT INTO bare_admission VALUES (%s::uuid, 1, now()) ON CONFLICT DO NOTHING",
    "INSERT INTO bare_minute VALUES (abs(hashtext(%s)) %% 4, 1) "
    "ON CONFLICT (gate) DO UPDATE SET bodies = bare_minute.bodies + 1",
)
SALE_ROWS = 14
"""Rows that a sale of one ticket writes: checkout, line, hold and its line and end, payment, entry, three lines, run,
outcome, ticket, pass."""


async def _client(url: str, queue: asyncio.Queue[str], out: Outcome, statements: tuple[str, ...]) -> None:
    connection = await psycopg.AsyncConnection.connect(url)
    async with connection:
        while not queue.empty():
            key = queue.get_nowait()
            began = time.perf_counter()
            for statement in statements:
                await connection.execute(statement, (key,) if "%s" in statement else None)
            await connection.commit()
            out.seconds.append(time.perf_counter() - began)


async def _run(url: str, at_once: int, count: int, statements: tuple[str, ...]) -> Outcome:
    from uuid import uuid4

    queue: asyncio.Queue[str] = asyncio.Queue()
    for _ in range(count):
        queue.put_nowait(str(uuid4()))
    out = Outcome([], 0.0, {}, [])
    began = time.perf_counter()
    await asyncio.gather(*(_client(url, queue, out, statements) for _ in range(at_once)))
    out.total = time.perf_counter() - began
    return out


def prepare(url: str) -> None:
    """Make the bare tables, as the owner."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)  # type: ignore[call-overload]


def scans(url: str, at_once: int, count: int) -> Outcome:
    """Write scans with bare SQL: context, look-up, fact, admission, counter, commit."""
    return asyncio.run(_run(url, at_once, count, SCAN))


def sales(url: str, at_once: int, count: int) -> Outcome:
    """Write sales with bare SQL: as many rows as a sale has, and its pool last."""
    rows = ("INSERT INTO bare_row SELECT gen_random_uuid(), 'row'",) * SALE_ROWS
    pool = "UPDATE bare_pool SET taken = taken + 1 WHERE id = abs(hashtext(%s)) %% 8 + 1"
    return asyncio.run(_run(url, at_once, count, (SCAN[0], *rows, pool)))
