"""Reading for a list of scans: by index only, so that a festival's last scan is read as fast as its first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import text

from tests.conftest import Database
from tests.scanning.evening import Evening
from tests.scanning.test_desk import asked
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import set_based
from voelgoed.scanning import desk
from voelgoed.scanning.found import READ

MANY = 3000
MORE_SCANS = """
INSERT INTO scan SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'sequence', n))).*
  FROM scan s, generate_series(1000, 1000 + %s) n
"""
AS_ONE_WOULD_WRITE_IT = """
SELECT count(*) FROM scan s WHERE s.id = ANY (cast(:scan_ids AS uuid[]))
    OR (s.device_id, s.sequence) IN (SELECT d.id, 1 FROM device d)
"""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return a plan's nodes, itself first."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def rows_read(statement: str, **given: Any) -> float:
    """Return how many rows of `scan` a statement looks at."""
    with set_based("scanning.judge"):
        said = db.session.scalar(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"), given)
    scans = [node for node in nodes(said[0]["Plan"]) if node.get("Relation Name") == "scan"]
    return sum((one["Actual Rows"] + one.get("Rows Removed by Filter", 0)) * one["Actual Loops"] for one in scans)


def test_reading_looks_only_at_the_rows_that_it_names(evening: Evening, database: Database) -> None:
    phone = evening.phone()
    (_, code), *_ = evening.tickets(quantity=1)
    scan = asked(phone, code)
    with evening.house.scope():
        desk.judge([desk.Slot(scan)])
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute(MORE_SCANS, (MANY,))
        connection.execute("ANALYZE scan")
    said = f'[{{"token": "{scan.token_hash.hex()}", "sequence": {scan.sequence}}}]'
    given: dict[str, Any] = {"ticket_ids": [uuid4()], "serials": []}
    with evening.house.scope():
        assert rows_read(READ.text, asked=said, scan_ids=[scan.scan_id], **given) <= 3
        # The negative control: the same question, put as it first comes to mind.
        assert rows_read(AS_ONE_WOULD_WRITE_IT, scan_ids=[scan.scan_id]) > MANY
