"""One place commits: the boundary of a request, a job or a command; everybody else is listed with a reason."""

from __future__ import annotations

import ast

from tests.architecture.tree import Module, modules, parsed

COMMITTERS = {
    "voelgoed/foundation/boundary.py": "the function that commits",
    "voelgoed/foundation/web/boundary.py": "ends each request",
    "voelgoed/foundation/outbox/claim.py": "a claim must be seen by others before the work begins",
    "voelgoed/foundation/outbox/dispatch.py": "ends each job",
    "voelgoed/foundation/outbox/sweep.py": "ends each organization's turn",
    "voelgoed/foundation/outbox/prune.py": "ends each slice of what is forgotten",
    "voelgoed/foundation/workflow/engine.py": "a segment of a run is one transaction",
    "voelgoed/payments/hooks.py": "a message is stored before it is answered, in the scope that its address names",
    "voelgoed/payments/errand.py": "what was heard outside is kept before the step that heard it ends",
    "voelgoed/scanning/desk.py": "scans that wait together are one transaction, answered after its commit",
    "voelgoed/scanning/offline_sync.py": "each chunk of a batch is one transaction, its answers with it",
    "voelgoed/foundation/workflow/outside.py": "an intent is committed before the outside is asked",
    "voelgoed/foundation/workflow/parking.py": "a run that waits is put down with what it waits for",
    "voelgoed/foundation/workflow/start.py": "a run exists before anybody works on it",
    "voelgoed/foundation/workflow/undo.py": "each undo is one transaction",
    "voelgoed/foundation/mail/send.py": "the server is asked outside any transaction, its answer kept in one",
    "voelgoed/foundation/migrate.py": "a migration is one transaction",
    "voelgoed/api/phones.py": "pairing opens its scope itself: no token says whose it is",
    "voelgoed/boxoffice/standing.py": "who stands at a till was seen, whatever becomes of the request",
    "voelgoed/cli/shell.py": "hands the function to whoever sits at the shell",
    "voelgoed/reports/ledger_file_job.py": "how far a long file is must be seen while it is made",
    "voelgoed/demo/ensure.py": "is a command's boundary",
    "voelgoed/demo/history.py": "is a command's boundary",
    "voelgoed/demo/people.py": "is a command's boundary",
    "voelgoed/demo/drawers.py": "is a command's boundary",
    "voelgoed/demo/gateways.py": "is a command's boundary",
    "voelgoed/demo/sell.py": "is a command's boundary",
    "voelgoed/demo/given.py": "is a command's boundary",
    "voelgoed/demo/prices.py": "is a command's boundary",
}
"""Who may commit, and why."""


def commits(module: Module) -> list[str]:
    """Return where a module commits, or hands the function that does to somebody."""
    found = []
    for node in module.walk():
        if isinstance(node, ast.ImportFrom) and node.module == "voelgoed.foundation.boundary":
            hit = any(alias.name == "commit" for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            hit = node.func.attr == "commit"
        else:
            continue
        if hit:
            found.append(f"{module.path}:{node.lineno}")
    return found


def test_only_the_listed_commit() -> None:
    found = [line for module in modules() if module.path not in COMMITTERS for line in commits(module)]
    assert found == []


def test_the_list_names_nobody_who_does_not_commit() -> None:
    known = {module.path: module for module in modules()}
    assert [path for path in COMMITTERS if path in known and not commits(known[path])] == []


def test_the_rule_sees_a_commit() -> None:
    assert commits(parsed("db.session.commit()"))
    assert commits(parsed("from voelgoed.foundation.boundary import commit"))
    assert not commits(parsed("from voelgoed.foundation.outbox import after_commit"))
