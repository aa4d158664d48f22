"""The database's own catalogue says that every table is guarded as declared (invariant T3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.conftest import World
from voelgoed import tables
from voelgoed.foundation.resource.declaration import Declaration, declaration_of, declared

tables.load()
NOT_RESOURCES = {"alembic_version", "schema_stamp"}
"""Tables that hold no rows of anybody: which migration ran, what it declared."""
SHARED = {"user", "sign_in", "attempt_count", "first_owner_link", "rule_skip", "organization"}
"""The stated exceptions to T3; a new one is added here on purpose or not at all."""
DOOR = {
    "account_of_hook", "count_attempt", "count_to_lock", "create_user", "end_other_sign_ins", "end_sign_in",
    "first_owner_link_is_open", "forget_attempts", "found_organization", "make_first_owner_link", "memberships_of",
    "open_sign_in", "organization_of", "organizations", "organizations_with_due_work", "record_skip", "session_of",
    "set_password", "sign_ins_of",
    "try_sign_in", "unfinished_runs", "user_by_id",
}  # fmt: skip
"""What may be asked before an organization is known; a new function is added here on purpose."""
TENANT_RULE = "(organization_id = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid)"


@pytest.fixture(scope="module")
def catalogue(world: World) -> Iterator[psycopg.Connection]:
    """Return a connection of the superuser, who sees the whole catalogue."""
    with psycopg.connect(world.database.url("postgres"), autocommit=True) as admin:
        yield admin


def _rows(catalogue: psycopg.Connection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    return catalogue.execute(query, values).fetchall()


def tenant_tables() -> list[Declaration]:
    return [one for one in declared() if one.tenant]


every_table = pytest.mark.parametrize("one", list(declared()), ids=lambda one: one.table)
every_tenant_table = pytest.mark.parametrize("one", tenant_tables(), ids=lambda one: one.table)


def test_every_table_is_a_resource_or_listed(catalogue: psycopg.Connection) -> None:
    found = {name for (name,) in _rows(catalogue, "SELECT relname FROM pg_class c WHERE relkind IN ('r', 'p', 'v', 'm')"
                                                  " AND relnamespace = 'public'::regnamespace")}  # fmt: skip
    assert found == {one.table for one in declared()} | NOT_RESOURCES


def test_the_shared_tables_are_the_listed_ones_each_with_its_reason() -> None:
    shared = {one.table: one.shared for one in declared() if not one.tenant}
    assert set(shared) == SHARED
    assert all(reason and len(reason.split()) > 3 for reason in shared.values())


@every_table
def test_row_level_security_is_enabled_and_forced(catalogue: psycopg.Connection, one: Declaration) -> None:
    query = "SELECT relrowsecurity, relforcerowsecurity, relowner::regrole::text FROM pg_class WHERE oid = %s::regclass"
    assert _rows(catalogue, query, f'"{one.table}"') == [(True, True, "voelgoed_owner")]


@every_table
def test_the_policies_are_the_known_ones(catalogue: psycopg.Connection, one: Declaration) -> None:
    query = ("SELECT policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies WHERE tablename = %s"
             " ORDER BY policyname")  # fmt: skip
    found = {row[0]: row[1:] for row in _rows(catalogue, query, one.table)}
    rule = TENANT_RULE if one.tenant else TENANT_RULE.replace("organization_id =", "id =")
    assert found.pop("owner") == ("PERMISSIVE", ["voelgoed_owner"], "ALL", "true", "true")
    name, *reader = ("reader", *found.pop("reader"))
    assert (name, reader[0], sorted(reader[1]), *reader[2:]) == (
        "reader", "PERMISSIVE", ["voelgoed_backup", "voelgoed_report"], "SELECT", "true", None,
    )  # fmt: skip
    if one.tenant or one.table == "organization":
        assert found.pop("tenant") == ("PERMISSIVE", ["voelgoed_app"], "ALL", rule, rule)
    if found:
        assert set(found) == {"door"}
        assert found["door"][1] == ["voelgoed_door"]


@every_tenant_table
def test_the_organization_is_part_of_every_key(catalogue: psycopg.Connection, one: Declaration) -> None:
    query = "SELECT attnotnull FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'organization_id'"
    assert _rows(catalogue, query, f'"{one.table}"') == [(True,)]
    indexes = _rows(
        catalogue,
        "SELECT i.indisprimary, array_agg(a.attname::text ORDER BY k.n) FROM pg_index i"
        " CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
        " WHERE i.indrelid = %s::regclass AND i.indisunique GROUP BY i.indexrelid, i.indisprimary",
        f'"{one.table}"',
    )
    assert [keys for primary, keys in indexes if primary] == [["organization_id", "id"]]
    assert all(keys[0] == "organization_id" for _, keys in indexes)


FOREIGN_KEYS = """
SELECT f.conrelid::regclass::text, f.confrelid::regclass::text,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(f.conkey) WITH ORDINALITY AS k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum),
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(f.confkey) WITH ORDINALITY AS k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum)
  FROM pg_constraint f WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace
"""


def test_every_foreign_key_between_tenant_tables_carries_the_organization(catalogue: psycopg.Connection) -> None:
    found = [
        (own.strip('"'), other.strip('"'), mine, theirs) for own, other, mine, theirs in _rows(catalogue, FOREIGN_KEYS)
    ]
    assert len(found) > len(tenant_tables())
    for own, other, mine, theirs in found:
        source, target = declaration_of(own), declaration_of(other)
        assert source is not None
        assert target is not None
        if source.tenant and target.tenant:
            assert mine[0] == theirs[0] == "organization_id", f"{own} → {other}"
        if not source.tenant:
            assert not target.tenant, f"the shared table {own} points at the tenant table {other}"


@every_table
def test_the_grants_are_exactly_the_declared_ones(catalogue: psycopg.Connection, one: Declaration) -> None:
    query = (
        "SELECT grantee::text, privilege_type::text FROM information_schema.role_table_grants"
        " WHERE table_name = %s AND grantee NOT IN ('voelgoed_owner', 'voelgoed_door')"
    )
    found: dict[str, set[str]] = {}
    for grantee, privilege in _rows(catalogue, query, one.table):
        found.setdefault(grantee, set()).add(privilege)
    wanted = {word for word in one.application_may.split(", ") if word}
    assert found.pop("voelgoed_app", set()) == wanted
    assert found == {"voelgoed_report": {"SELECT"}, "voelgoed_backup": {"SELECT"}}


def test_the_application_has_no_rights_by_column(catalogue: psycopg.Connection) -> None:
    query = ("SELECT relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) g"
             " WHERE g.grantee = 'voelgoed_app'::regrole")  # fmt: skip
    assert _rows(catalogue, query) == []


def test_nobody_has_default_privileges(catalogue: psycopg.Connection) -> None:
    assert _rows(catalogue, "SELECT * FROM pg_default_acl") == []


@every_table
def test_the_triggers_are_those_that_the_class_declares(catalogue: psycopg.Connection, one: Declaration) -> None:
    query = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'"
    found = {name for (name,) in _rows(catalogue, query, f'"{one.table}"')}
    assert {"key_is_fixed", "no_truncate"} <= found
    audit = {"audit_insert", "audit_update", "audit_delete"}
    if one.append_only:
        assert "append_only" in found
        assert not audit & found
    elif one.unaudited:
        assert not audit & found
    else:
        assert audit <= found


def test_the_door_is_exactly_the_listed_functions(catalogue: psycopg.Connection) -> None:
    query = ("SELECT proname, proowner::regrole::text, prosecdef, proconfig FROM pg_proc"
             " WHERE pronamespace = 'door'::regnamespace")  # fmt: skip
    found = _rows(catalogue, query)
    assert {row[0] for row in found} == DOOR
    assert len(found) == len(DOOR), "a function of the door is overloaded"
    for _, owner, definer, settings in found:
        assert (owner, definer, settings) == ("voelgoed_door", True, ["search_path=public, pg_temp"])


def test_every_function_that_acts_for_another_has_a_fixed_path_and_a_known_owner(catalogue: psycopg.Connection) -> None:
    query = ("SELECT proname, proowner::regrole::text, proconfig::text FROM pg_proc p"
             " JOIN pg_namespace n ON n.oid = pronamespace WHERE prosecdef AND nspname NOT LIKE 'pg\\_%%'")  # fmt: skip
    for name, owner, settings in _rows(catalogue, query):
        assert owner in {"voelgoed_owner", "voelgoed_door"}, name
        assert settings is not None, name
        assert "search_path=public, pg_temp" in settings, name


def test_only_the_application_opens_the_door(catalogue: psycopg.Connection) -> None:
    query = (
        "SELECT DISTINCT CASE grantee WHEN 0 THEN 'everybody' ELSE grantee::regrole::text END FROM pg_proc p,"
        " aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE pronamespace = 'door'::regnamespace"
    )
    assert {who for (who,) in _rows(catalogue, query)} == {"voelgoed_door", "voelgoed_app"}


def test_no_role_is_a_superuser_or_passes_by_the_policies(catalogue: psycopg.Connection) -> None:
    query = (
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname LIKE 'voelgoed%%'"
    )
    found = _rows(catalogue, query)
    assert {row[0] for row in found} == {
        "voelgoed_owner", "voelgoed_door", "voelgoed_app", "voelgoed_migrator", "voelgoed_report", "voelgoed_backup",
    }  # fmt: skip
    assert all(row[1:] == (False, False, False, False) for row in found)


def test_the_application_owns_nothing_and_makes_nothing(world: World) -> None:
    with psycopg.connect(world.database.url(), autocommit=True) as application:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("CREATE TABLE hidden (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("SET ROLE voelgoed_owner")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("ALTER TABLE venue DISABLE ROW LEVEL SECURITY")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("TRUNCATE venue CASCADE")


@every_tenant_table
def test_without_a_setting_the_application_sees_no_rows(world: World, one: Declaration) -> None:
    with psycopg.connect(world.database.url(), autocommit=True) as application:
        assert application.execute(f'SELECT count(*) FROM "{one.table}"').fetchone() == (0,)
        application.execute("SELECT set_config('app.organization_id', '', false)")
        assert application.execute(f'SELECT count(*) FROM "{one.table}"').fetchone() == (0,)


@pytest.mark.parametrize("table", sorted(SHARED - {"organization"}))
def test_the_application_reads_no_shared_table(world: World, table: str) -> None:
    with (
        psycopg.connect(world.database.url(), autocommit=True) as application,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        application.execute(f'SELECT count(*) FROM "{table}"')
