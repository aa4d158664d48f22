"""`voelgoed db …` and `voelgoed check`, as an operator runs them."""

from __future__ import annotations

import json
from collections.abc import Callable

import psycopg
import pytest
from click.testing import CliRunner, Result

from tests.conftest import PASSWORD, Database, Servers, World
from voelgoed import cli
from voelgoed.foundation import migrate
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy.organization import PLATFORM

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with the settings of a database."""

    def run(database: Database, *arguments: str, **more: str) -> Result:
        settings = {
            "DATABASE_URL": database.url(),
            "DATABASE_OWNER_URL": database.url("voelgoed_migrator"),
            "DATABASE_REPORT_URL": database.url("voelgoed_report"),
            "SECRET_KEY": "s" * 40,
            **more,
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(cli.main, list(arguments))

    return run


def _sees(database: Database, table: str) -> bool:
    with psycopg.connect(database.url()) as connection:
        row = connection.execute("SELECT to_regclass(%s)", (table,)).fetchone()
    return bool(row and row[0])


def test_roles_and_upgrade_make_a_database_from_nothing(run: Run, servers: Servers) -> None:
    database = Database(servers, "made_by_hand")
    admin = servers.postgres.superuser_url()
    first = run(database, "db", "roles", DATABASE_ADMIN_URL=admin)
    assert (first.exit_code, first.output) == (
        0,
        "The roles are there, with passwords for voelgoed_app, voelgoed_migrator, voelgoed_report;"
        " the database is made_by_hand.\n",
    )  # fmt: skip
    upgraded = run(database, "db", "upgrade")
    assert (upgraded.exit_code, upgraded.output) == (0, f"The database is at {migrate.head()}.\n")
    assert _sees(database, "venue")
    again = [run(database, "db", "roles", DATABASE_ADMIN_URL=admin), run(database, "db", "upgrade")]
    assert [result.exit_code for result in again] == [0, 0]


def test_what_is_printed_does_the_same_and_changes_nothing_itself(run: Run, servers: Servers) -> None:
    database = Database(servers, "printed_only")
    said = run(database, "db", "roles", "--print").output
    assert PASSWORD not in said
    assert "CREATE ROLE" in said
    assert "ALTER ROLE voelgoed_app PASSWORD :'voelgoed_app';" in said
    assert 'CREATE DATABASE "printed_only" OWNER voelgoed_owner;' in said
    with psycopg.connect(servers.postgres.superuser_url()) as admin:
        assert admin.execute("SELECT FROM pg_database WHERE datname = 'printed_only'").rowcount == 0


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["db", "roles"], {"DATABASE_ADMIN_URL": ""}, "--admin-url"),
        (["db", "roles"], {"DATABASE_OWNER_URL": "postgresql://root:x@h/d", "DATABASE_ADMIN_URL": "x"}, "root"),
        (["db", "upgrade"], {"DATABASE_OWNER_URL": ""}, "DATABASE_OWNER_URL is not set"),
        (["check"], {"DATABASE_REPORT_URL": ""}, "DATABASE_REPORT_URL is not set"),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    run: Run, world: World, arguments: list[str], settings: dict[str, str], words: str
) -> None:
    result = run(world.database, *arguments, **settings)
    assert result.exit_code == 1
    assert words in result.output
    assert result.output.count("\n") == 1


def test_a_wrong_password_is_said_in_one_line(run: Run, world: World) -> None:
    wrong = world.database.url("voelgoed_migrator").replace(PASSWORD, "guess")
    result = run(world.database, "db", "upgrade", DATABASE_OWNER_URL=wrong)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "password authentication failed" in result.output


def test_check_counts_every_invariant_and_is_itself_in_the_trail(run: Run, world: World) -> None:
    result = run(world.database, "check")
    lines = result.output.splitlines()
    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in lines[:-1]] == [one.code for one in checkers()]
    assert {"A1", "A2", "J1", "T3", "T4"} <= {one.code for one in checkers()}
    assert lines[-1] == "All hold."
    with psycopg.connect(world.database.url("postgres")) as admin:
        row = admin.execute(
            "SELECT changes FROM audit_entry WHERE object = 'rule_skip' AND organization_id = %s", (PLATFORM,)
        ).fetchone()
    assert row is not None
    assert "voelgoed check" in json.dumps(row[0])


SPOILED = {
    "T3": "ALTER TABLE venue NO FORCE ROW LEVEL SECURITY",
    "T4": "ALTER TABLE rule_skip DISABLE TRIGGER audit_insert;"
    " INSERT INTO rule_skip (id, reason) VALUES (gen_random_uuid(), 'unseen');"
    " ALTER TABLE rule_skip ENABLE TRIGGER audit_insert",
    "A1": "ALTER TABLE membership DISABLE TRIGGER audit_update; UPDATE membership SET name = 'Somebody else';"
    " ALTER TABLE membership ENABLE TRIGGER audit_update",
    "A2": "GRANT DELETE ON audit_entry TO voelgoed_app",
    "J1": "INSERT INTO outbox_row (organization_id, id, queue, task, payload, actor_kind, actor_label, due_at,"
    " attempts) SELECT organization_id, gen_random_uuid(), 'x', 'x', '{}', 'system', 'x', now() - interval '2 min', 0"
    " FROM membership LIMIT 1",
}


@pytest.mark.parametrize("code", SPOILED)
def test_check_sees_what_is_broken(run: Run, database: Database, code: str, personas: object) -> None:
    with psycopg.connect(database.url("postgres"), autocommit=True) as admin:
        admin.execute(SPOILED[code])  # type: ignore[arg-type]
    result = run(database, "check")
    broken = {line.split()[0] for line in result.output.splitlines()[:-1] if int(line.split()[1])}
    assert (result.exit_code, broken) == (1, {code}), result.output


def test_check_finds_nothing_wrong_with_ordinary_work(run: Run, world: World) -> None:
    from voelgoed.catalog.venue import Venue

    with world.personas.home.scope():
        venue = Venue(name="Hall")
        db.session.add(venue)
        commit()
        venue.name, venue.address = "Great hall", "Long Street"
        commit()
        venue.address = None
        commit()
    assert run(world.database, "check").exit_code == 0
