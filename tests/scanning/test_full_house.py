"""Sixty thousand people leave at once: emptying a zone is a few statements, whatever their number."""

from __future__ import annotations

import psycopg
import pytest

from tests.conftest import Database
from tests.personas import Personas
from tests.scanning.evening import Evening
from tests.scanning.test_order import violations
from tests.scanning.test_scan import inside
from tests.sent import sent
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.admission import Admission
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.issue import Wanted, issue
from voelgoed.ticketing.ticket import Ticket

pytestmark = pytest.mark.deep
PEOPLE = 60_000
STATEMENTS = 25
COME_IN = """
WITH phone AS (SELECT * FROM device LIMIT 1), came AS (
  INSERT INTO scan (organization_id, id, device_id, event_id, gate_id, day_id, ticket_id, sequence, code, body_hash,
                    direction, bodies, taken, verdict, answer, tier, offline, recheck, scanned_at, clock_offset_ms,
                    effective_at, created_at)
  SELECT t.organization_id, gen_random_uuid(), p.id, t.event_id, p.gate_id, %(day)s, t.id, t.number + 10,
         repeat('0', 64), repeat('0', 64), 'in', 1, 1, 'admitted', '{}', 'database', false, false, now(), 0,
         now() - interval '10 minutes', now()
    FROM ticket t, phone p WHERE t.event_id = p.event_id
  RETURNING *
), opened AS (
  INSERT INTO admission (organization_id, id, ticket_id, scan_id, device_id, event_id, day_id, gate_id, zone_id,
                         pass_number, entry_number, move_number, opened_at, created_at, updated_at)
  SELECT organization_id, gen_random_uuid(), ticket_id, id, device_id, event_id, day_id, gate_id, %(zone)s, 1, 1, 0,
         effective_at, now(), now() FROM came
)
INSERT INTO minute_count (organization_id, id, event_id, day_id, gate_id, zone_id, direction, minute, bodies, tickets,
                          holders, corrections, created_at, updated_at)
SELECT organization_id, gen_random_uuid(), event_id, day_id, gate_id, %(zone)s, 'in',
       date_trunc('minute', effective_at), count(*), count(*), count(*), 0, now(), now()
  FROM came GROUP BY 1, 3, 4, 5, 8
"""


def test_a_full_house_is_emptied_in_few_statements(evening: Evening, personas: Personas, database: Database) -> None:
    evening.phone()
    with evening.house.scope():
        adult = rows(TicketType).get(evening.types["Adult"])
        first = code_of(rows(Ticket).get(issue(evening.event_id, [Wanted(adult, PEOPLE)])[0]))
        commit()
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(COME_IN, {"day": evening.day_id, "zone": evening.zones["Lawn"]})
        connection.execute("ANALYZE")
    assert inside(evening) == (PEOPLE, PEOPLE)
    data = {"zone_id": str(evening.zones["Grounds"]), "reason": "Lightning"}
    with sent() as statements:
        answer = personas.client("gate_supervisor").post(f"/home/events/{evening.event_id}/emptyings", data=data)
    assert answer.status_code == 303
    assert len(statements) <= STATEMENTS, statements
    assert inside(evening) == (0, 0)
    with evening.house.scope():
        assert rows(Admission).filter(Admission.cause == "emptied").count() == PEOPLE
        rollback()
    assert violations().keys() <= {"G4"}  # these admissions were made by hand: their ids are no fold's
    assert evening.phone("North").scan(first)["verdict"] == "admitted"
