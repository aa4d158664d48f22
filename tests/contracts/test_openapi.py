"""The OpenAPI document is valid, and describes exactly the calls that are served."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import World
from voelgoed.accounts.roles import deeds
from voelgoed.foundation.web import PUBLIC
from voelgoed.foundation.web.api import operations


@pytest.fixture(scope="module")
def client(world: World) -> FlaskClient:
    """Return a client of the module's application."""
    return world.app.test_client()


METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def _served(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in METHODS & (rule.methods or set())
        if rule.rule.startswith("/api/")
    }


def test_it_describes_every_call_and_no_other(world: World, client: FlaskClient) -> None:
    said = client.get("/api/v1/openapi.json").json
    assert said is not None
    described = {(method.upper(), path) for path, calls in said["paths"].items() for method in calls}
    assert described == _served(world.app)
    assert ("GET", "/api/v1/openapi.json") in described


def test_every_call_says_who_may_and_what_comes(client: FlaskClient) -> None:
    said = client.get("/api/v1/openapi.json").json
    assert said is not None
    for path, calls in said["paths"].items():
        for method, call in calls.items():
            assert call["summary"], (method, path)
            assert any(status.startswith("2") for status in call["responses"]), (method, path)
            assert re.findall(r"{(\w+)}", path) == [one["name"] for one in call["parameters"] if one["in"] == "path"]


def test_every_reference_leads_somewhere(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    said = answer.json
    assert said is not None
    for name in re.findall(r'"#/components/schemas/([^"]+)"', answer.text):
        assert name in said["components"]["schemas"]


def test_what_wants_no_token_is_meant_to_be_open(world: World) -> None:
    open_calls = {one.name for one in operations if one.allow == PUBLIC}
    assert open_calls == {"openapi.document", "phones.pair_device"}
    assert world.app.url_map


def test_every_call_names_a_known_deed(world: World) -> None:
    assert {one.allow for one in operations} <= {*deeds(), PUBLIC, "the view itself", "signed in"}
