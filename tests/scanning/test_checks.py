"""The gate's checkers find what is wrong: each is shown a row that should not be."""

from __future__ import annotations

import psycopg
import pytest

from tests.conftest import Database
from tests.scanning.evening import Evening
from tests.scanning.test_order import violations

FAULTS = {
    "G3": "UPDATE scan SET sequence = 1",
    "G4": "UPDATE admission SET closed_at = opened_at, cause = 'exited' WHERE pass_number = 1",
    "G5": "UPDATE minute_count SET bodies = bodies + 1",
    "G6": "INSERT INTO ticket_void (organization_id, id, ticket_id, cause, reason, actor, created_at) "
    "SELECT organization_id, gen_random_uuid(), ticket_id, 'void', 'a fault', 'nobody', opened_at "
    "FROM admission LIMIT 1",
    "G7": "UPDATE scan SET effective_at = created_at + interval '1 second'",
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_found(evening: Evening, database: Database, code: str) -> None:
    phone = evening.phone()
    assert [phone.scan(evening.code(name))["verdict"] for name in ("Adult", "Crew")] == ["admitted"] * 2
    assert violations() == {}
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        unique = "SELECT conname FROM pg_constraint WHERE conrelid = 'scan'::regclass AND contype = 'u'"
        for (name,) in connection.execute(unique).fetchall() if code == "G3" else []:
            connection.execute(f'ALTER TABLE scan DROP CONSTRAINT "{name}"')
        connection.execute(FAULTS[code])
    assert violations()[code] > 0


def test_an_admission_after_a_block_is_found_unless_somebody_let_it_in(evening: Evening, database: Database) -> None:
    phone, code = evening.phone(), evening.code()
    assert phone.scan(code)["verdict"] == "admitted"
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO ticket_block (organization_id, id, event_id, ticket_id, reason, blocked_at, blocked_by,"
            " written_in, created_at, updated_at) SELECT organization_id, gen_random_uuid(), event_id, ticket_id, 'x',"
            " opened_at, 'nobody', 1, now(), now() FROM admission LIMIT 1"
        )
        assert violations()["G6"] == 1
        connection.execute("UPDATE ticket_block SET lifted_at = blocked_at, lifted_by = 'nobody'")
        assert violations() == {}
        connection.execute("UPDATE ticket_block SET lifted_at = NULL, lifted_by = NULL")
        connection.execute(
            "INSERT INTO override (organization_id, id, scan_id, bodies, reason, actor, effective_at, written_in,"
            " created_at) SELECT organization_id, gen_random_uuid(), scan_id, 1, 'x', 'nobody', opened_at, 1, now()"
            " FROM admission LIMIT 1"
        )
        assert "G6" not in violations()


def test_an_admission_that_no_scan_explains_is_found(evening: Evening, database: Database) -> None:
    phone, code = evening.phone(), evening.code()
    phone.scan(code)
    phone.scan(code, direction="out")
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE admission SET closed_at = closed_at + interval '1 second'")
    assert violations() == {"G4": 1}
