"""The trail is written by triggers and changes for nobody (invariant A2)."""

from __future__ import annotations

import psycopg
import pytest

from tests.conftest import World
from tests.foundation.audit.conftest import Trail, saved_venue
from voelgoed.foundation.resource import uuid7


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_entry (organization_id, id, action, object, object_id, changes, actor_kind, actor_label,"
        " transaction) VALUES (%(own)s, gen_random_uuid(), 'changed', 'x', gen_random_uuid(), '{}', 'user', 'x', 1)",
        "UPDATE audit_entry SET actor_label = 'somebody else'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ],
)
def test_the_application_cannot_touch_the_trail(world: World, statement: str) -> None:
    own = str(world.personas.home.organization_id)
    with psycopg.connect(world.database.url()) as application:
        application.execute("SELECT set_config('app.organization_id', %s, true)", (own,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement, {"own": own})  # type: ignore[arg-type]


@pytest.mark.parametrize("table", ["audit_entry", "hold_end", "journal_line", "ticket_void"])
@pytest.mark.parametrize("role", ["postgres", "voelgoed_migrator"])
def test_append_only_tables_cannot_be_emptied_even_by_their_owner(world: World, table: str, role: str) -> None:
    with psycopg.connect(world.database.url(role)) as owner:
        if role != "postgres":
            owner.execute("SET ROLE voelgoed_owner")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="truncated"):
            owner.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor_label = 'x'", "DELETE FROM audit_entry"])
def test_append_only_rows_cannot_change_even_for_their_owner(world: World, trail: Trail, statement: str) -> None:
    saved_venue(world, f"Somewhere {uuid7()}")
    assert trail.count() > 0
    refused = pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only")
    with psycopg.connect(world.database.url("postgres")) as owner, refused:
        owner.execute(statement)  # type: ignore[arg-type]
