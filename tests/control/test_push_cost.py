"""What one push costs the database: few statements, no more of them and no more rows after thousands of scans."""

from __future__ import annotations

import psycopg
from flask import Flask

from tests.conftest import Database
from tests.scanning.evening import Evening
from tests.sent import sent
from voelgoed.control import parts, seen
from voelgoed.foundation.database import db
from voelgoed.foundation.live.push import look

MANY = 3000
PUSH_MOST, API_MOST = 15, 9  # each with the announcement of who acts
COPIES = """
    INSERT INTO scan SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'sequence', 1000 + number, 'created_at', one.created_at - number * interval '1 s'))).*
    FROM scan one, generate_series(1, %s) number WHERE one.id = (SELECT id FROM scan WHERE verdict = 'admitted' LIMIT 1)
"""
READ = "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = %s"


def pushed(app: Flask, evening: Evening) -> list[str]:
    """Render a push and return its statements."""
    with sent() as said:
        drawn = look(app, evening.house.organization_id, "occupancy", evening.event_id)
    assert [one.id for one in drawn] == list(parts.PARTS)
    return said


def scans_read(app: Flask, evening: Evening) -> int:
    """Return how many rows of scans the database reads for a push."""
    with app.test_request_context(), evening.house.scope():
        assert len(list(parts.push(evening.event_id))) == len(parts.PARTS)
        read: int = db.session.connection().exec_driver_sql(READ, ("scan",)).scalar_one()
        return read


def three_thousand_more(database: Database) -> None:
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        assert connection.execute(COPIES, (MANY,)).rowcount == MANY
        connection.execute("VACUUM ANALYZE scan")


def test_a_push_costs_the_same_after_three_thousand_scans(evening: Evening, app: Flask, database: Database) -> None:
    phone, codes = evening.phone(), [code for _, code in evening.tickets(quantity=8)]
    evening.phone("North")
    for code in codes:
        phone.scan(code)
    before = pushed(app, evening)
    assert len(before) <= PUSH_MOST
    three_thousand_more(database)  # nobody was refused: all of them are gone through for the last refusals
    assert pushed(app, evening) == before
    assert scans_read(app, evening) < MANY
    limit, seen.RECENT = seen.RECENT, 2 * MANY
    try:
        assert scans_read(app, evening) > MANY  # control: the probe sees it when they are not bounded
    finally:
        seen.RECENT = limit


def test_more_phones_and_more_refusals_cost_no_more_statements(evening: Evening, app: Flask) -> None:
    phone, code = evening.phone(), evening.code()
    phone.scan(code)
    few = len(pushed(app, evening))
    for gate in ("South", "North", "Rope", "South", "North"):
        evening.phone(gate)
        phone.scan(code)
    assert len(pushed(app, evening)) == few


def test_the_figure_of_the_api_is_a_few_statements(evening: Evening) -> None:
    phone = evening.phone()
    phone.scan(evening.code())
    address, headers = f"/api/v1/events/{evening.event_id}/occupancy", {"Authorization": f"Bearer {phone.token}"}
    with sent() as said:
        answer = phone.client.get(address, headers=headers)
    assert answer.json is not None
    assert answer.json["bodies"] == 1
    assert len(said) <= API_MOST, said
