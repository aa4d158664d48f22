"""What the pillars cost: tenancy and audit on a read and a write, interleaved; the three tiers of deduplication."""

from __future__ import annotations

import time
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
        yield from _tiers(app, organization_id)


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


def _tiers(app: Any, organization_id: UUID) -> Iterator[Figure]:
    from voelgoed.foundation.cache import connect
    from voelgoed.foundation.dedup import DedupRegistry, registry
    from voelgoed.foundation.outbox import broker
    from voelgoed.scanning.scan import Scan

    known, news = registry(Scan), broker().news
    _heard(news)
    keys = [uuid4().hex for _ in range(500)]
    known.remember(organization_id, {key: {"gate": "South 1", "at": "2026-11-24T17:03:21Z"} for key in keys})
    # A second registry has a memory of its own, which is empty: it asks the cache.
    for name, tier, asked in (
        ("dedup, this process's memory", "memory", known),
        ("dedup, the cache", "cache", DedupRegistry(Scan, connect(app.config["REDIS_URL"]), news)),
    ):
        met, answers = _looks(asked, organization_id, keys)
        strange = sum(answer != tier for answer in answers)
        yield Figure(name, met.percentile(50) * 1000, "µs p50", more=f"answered by another tier: {strange}")


def _looks(registry: Any, organization_id: UUID, keys: list[str]) -> tuple[Outcome, list[str]]:
    """Look each key up, and say which tier answered."""
    pile, answers = iter(keys), []

    def look() -> None:
        key = next(pile)
        answer = registry.look(organization_id, [key]).get(key)
        answers.append(answer.tier if answer else "none")

    return repeat(look, len(keys)), answers


def _heard(news: Any, seconds: float = 5.0) -> None:
    """Wait until this process hears what others clear: before that the cache is not believed."""
    until = time.monotonic() + seconds
    while not news.alive:
        if time.monotonic() > until:
            raise SystemExit("the cache was not heard")
        time.sleep(0.01)
