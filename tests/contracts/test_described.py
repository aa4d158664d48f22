"""Calls made up from the OpenAPI document: whatever is sent, the answer is as it is described."""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import World
from tests.contracts.calls import Desk, desk
from voelgoed.foundation.web import SELF
from voelgoed.foundation.web.api import Operation, operations

# Derandomized: a failure is the same failure the next time, and its example is printed.
BOUNDED = settings(
    max_examples=25, derandomize=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def table(world: World) -> Desk:
    """An evening that is on, and tokens to reach it by."""
    return desk(world)


@pytest.fixture(scope="module")
def described(table: Desk) -> Any:
    """Return the document as it is served."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", table.world.app)


@pytest.mark.parametrize("one", operations, ids=lambda one: one.name)
def test_every_answer_is_as_described(table: Desk, described: Any, one: Operation) -> None:
    operation = described[re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.rule)][one.method]
    by_device = one.allow in {"scan", SELF}

    @BOUNDED
    @given(case=operation.as_strategy())
    def every(case: schemathesis.Case) -> None:
        answer = case.call(headers=table.headers("device" if by_device else "manager"))
        case.validate_response(answer, checks=CHECKS)

    every()


def test_the_checks_see_what_is_not_as_described(table: Desk) -> None:
    said = table.client.get("/api/v1/openapi.json").get_json()
    said["paths"]["/api/v1/events"]["get"]["responses"] = {"418": {"description": "Short and stout"}}
    wrong = schemathesis.openapi.from_dict(said)
    wrong.app = table.world.app
    case = wrong["/api/v1/events"]["GET"].Case()
    answer = case.call(headers=table.headers("manager"))
    with pytest.raises(FailureGroup):
        case.validate_response(answer, checks=CHECKS)
