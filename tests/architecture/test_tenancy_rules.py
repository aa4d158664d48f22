"""Nobody filters by hand, and nobody reaches rows but through the foundation."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.tree import Module, imported, modules, parsed

KEY = "organization_id"
FILTERS = {"filter_by", "get_or_404", "first_or_404"}


def _names_the_key(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == KEY


def _is_a_column(node: ast.AST) -> bool:
    """Say whether this is `Class.attribute`: two of them compared are a join."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id[:1].isupper()


def by_hand(module: Module) -> list[str]:
    """Return where a module compares the organization of rows itself."""
    found = []
    for node in module.walk():
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            hit = any(map(_names_the_key, sides)) and not all(map(_is_a_column, sides))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            hit = node.func.attr in FILTERS and any(word.arg == KEY for word in node.keywords)
            hit = hit or (node.func.attr in {"in_", "is_"} and _names_the_key(node.func.value))
        else:
            continue
        if hit:
            found.append(f"{module.path}:{node.lineno}")
    return found


def test_no_tenant_filter_is_written_by_hand() -> None:
    outside = [module for module in modules() if not module.path.startswith("voelgoed/foundation/")]
    assert [line for module in outside for line in by_hand(module)] == []


@pytest.mark.parametrize(
    "line",
    [
        "select(Venue).where(Venue.organization_id == own)",
        "select(Venue).where(own == Venue.organization_id)",
        "rows(Venue).filter_by(organization_id=own)",
        "select(Venue).where(Venue.organization_id.in_([own]))",
        "select(Organization).where(Organization.id == current_scope().organization_id)",
    ],
)
def test_the_rule_sees_a_filter_by_hand(line: str) -> None:
    assert by_hand(parsed(line))


def test_the_rule_lets_a_join_pass() -> None:
    assert not by_hand(parsed("select(A).join(B, A.organization_id == B.organization_id)"))


def _uses(module: Module, *attributes: str) -> list[str]:
    return [
        f"{module.path}:{node.lineno}"
        for node in module.walk()
        if isinstance(node, ast.Attribute) and ast.unparse(node) in attributes
    ]


def test_queries_are_made_in_one_place() -> None:
    allowed = {"voelgoed/foundation/tenancy/query.py"}
    found = [line for module in modules() if module.path not in allowed for line in _uses(module, "db.session.query")]
    assert found == []


ENGINES = {
    "voelgoed/api/health.py": "asks for the schema's stamp, which no organization owns",
    "voelgoed/foundation/tenancy/door.py": "the door's own connection, which calls the door's functions only",
    "voelgoed/foundation/tenancy/skip.py": "signs in as the role that reads over all organizations",
    "voelgoed/foundation/tenancy/roles.py": "asks, before the application starts, who it signs in as",
    "voelgoed/foundation/schema.py": "asks, before the application starts, for the schema's stamp",
    "voelgoed/foundation/workflow/versions.py": "asks, before the application starts, which runs have not ended",
    "voelgoed/cli/organization.py": "an operator's deed about a whole organization, as the owner",
    "voelgoed/foundation/migrate.py": "changes the schema as its owner",
}
"""Who may reach the database past the scope's session, and why."""


def past_the_session(module: Module) -> list[str]:
    """Return where a module opens connections or sessions of its own."""
    found = _uses(module, "db.engine.begin", "db.engine.connect", "db.engines", "psycopg.connect")
    opened = {"sqlalchemy.create_engine", "sqlalchemy.orm.sessionmaker"}
    found += [f"{module.path}:{line}" for name, line in imported(module) if name in opened]
    return found


def test_rows_are_reached_through_the_scopes_session_only() -> None:
    reached = {module.path: lines for module in modules() if (lines := past_the_session(module))}
    assert {path: lines for path, lines in reached.items() if path not in ENGINES} == {}


def test_the_list_names_nobody_who_does_not() -> None:
    known = {module.path: module for module in modules()}
    assert [path for path in ENGINES if path in known and not past_the_session(known[path])] == []


def test_the_rule_sees_an_engine() -> None:
    assert past_the_session(parsed("from sqlalchemy import create_engine"))
    assert past_the_session(parsed("with db.engine.connect() as c: pass"))
