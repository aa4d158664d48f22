"""What the pillars cost: tenancy and audit on a read and a write, interleaved; the three tiers of deduplication."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from benchmarks.figure import Figure
from benchmarks.load import Outcome, repeat
from benchmarks.stage import Stage

TURNS, EACH = 10, 60


def _interleaved(*deeds: Callable[[], object]) -> list[Outcome]:
    """Do several deeds in turns, so that what else the machine does falls on all alike."""
    out = [Outcome([], 0.0, {}, []) for _ in deeds]
    for _ in range(TURNS):
        for sum_, deed in zip(out, deeds, strict=True):
            met = repeat(deed, EACH)
            sum_.seconds += met.seconds
            sum_.total += met.total
    return out


def figures(app: Any, stage: Stage, owner_url: str) -> Iterator[Figure]:
    """Measure inside this process, on the stage's database."""
    from voelgoed.demo.ensure import organization_id_of

    with app.app_context():
        organization_id = organization_id_of(stage.house["slug"])
        yield from _reads(organization_id, owner_url)
        yield from _writes(organization_id, owner_url)
        yield from _tiers(organization_id)


def _reads(organization_id: UUID, owner_url: str) -> Iterator[Figure]:
    from voelgoed.catalog.venue import Venue
    from voelgoed.demo.people import SEEDER
    from voelgoed.foundation.tenancy import rows, scope

    engine = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg://"))

    def guarded() -> None:
        with scope(organization_id, SEEDER):
            rows(Venue).all()

    def plain() -> None:
        with Session(engine) as session:
            session.execute(select(Venue).where(Venue.organization_id == organization_id)).all()

    with_, without = _interleaved(guarded, plain)
    engine.dispose()
    yield Figure("read with tenancy", with_.rate, "/s", without.rate, "/s as owner, filtered by hand")


def _writes(organization_id: UUID, owner_url: str) -> Iterator[Figure]:
    from voelgoed.foundation.resource import uuid7

    insert = (
        "INSERT INTO customer (organization_id, id, name, created_at, updated_at) VALUES (%s, %s, %s, now(), now())"
    )

    def write(connection: psycopg.Connection[Any], table: str) -> None:
        connection.execute(insert.replace("customer", table), (organization_id, uuid7(), uuid4().hex))  # type: ignore[arg-type]
        connection.commit()

    with psycopg.connect(owner_url) as connection:
        connection.execute("SET ROLE voelgoed_owner")
        connection.execute("CREATE TABLE IF NOT EXISTS bare_customer (LIKE customer INCLUDING ALL)")
        connection.commit()
        audited, bare = _interleaved(lambda: write(connection, "customer"), lambda: write(connection, "bare_customer"))
    yield Figure("insert with policy and trail", audited.rate, "/s", bare.rate, "/s bare")


def _tiers(organization_id: UUID) -> Iterator[Figure]:
    from voelgoed.foundation.dedup import registry
    from voelgoed.scanning.scan import Scan

    known = registry(Scan)
    keys = [uuid4().hex for _ in range(500)]
    known.remember(organization_id, {key: {"gate": "South 1", "at": "2026-11-24T17:03:21Z"} for key in keys})
    pile = iter(keys * 4)
    memory = repeat(lambda: known.look(organization_id, [next(pile)]), 1000)
    yield Figure("dedup, this process's memory", memory.percentile(50) * 1000, "µs p50")
    known.memory.clear()
    cold = iter(keys)
    shared = repeat(lambda: known.look(organization_id, [next(cold)]), 500)
    yield Figure("dedup, the cache", shared.percentile(50) * 1000, "µs p50")
