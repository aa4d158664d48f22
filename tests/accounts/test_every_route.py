"""Every route of every room: outsiders find nothing; who has not its deed is told so, whatever they name."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import World
from voelgoed.accounts.roles import ROLES, deeds, may
from voelgoed.foundation.web import Identity

PLAIN = {"format": "csv", "serial": "A-000001"}


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Return (method, address, deed) of every route of an organization's pages that asks for a deed."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        deed = getattr(app.view_functions[rule.endpoint], "allow", None)
        if "slug" not in rule.arguments or deed not in deeds():
            continue
        ids = {name: "home" if name == "slug" else PLAIN.get(name, uuid4()) for name in rule.arguments}
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, adapter.build(rule.endpoint, ids, method=method), str(deed)


def opened(client: FlaskClient, app: Flask, role: str) -> list[str]:
    """Return the addresses whose deed a role has not, and which do not say 403."""
    return [
        f"{method} {path}"
        for method, path, deed in routes(app)
        if not may(role, deed) and client.open(path, method=method).status_code != 403
    ]


@pytest.mark.parametrize("role", ROLES)
def test_who_has_not_the_deed_is_refused_everywhere(world: World, role: str) -> None:
    assert opened(world.personas.client(role), world.app, role) == []


def test_outsiders_find_nothing_anywhere(world: World) -> None:
    outsider, asked = world.personas.outsider(), list(routes(world.app))
    assert len(asked) > 150
    found = [f"{method} {path}" for method, path, _ in asked if outsider.open(path, method=method).status_code != 404]
    assert found == []


def test_with_every_deed_given_to_all_the_auditor_gets_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: it is the rule of the route that refuses above."""
    monkeypatch.setattr(Identity, "may", lambda self, deed: True)
    assert len(opened(world.personas.client("auditor"), world.app, "auditor")) > 50
