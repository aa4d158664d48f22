"""Addresses, queries and methods that are none: a clear 4xx each."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.conftest import World
from tests.contracts.calls import Desk, desk, refused
from voelgoed.foundation.web.api import operations

HUGE = 10**40
WITH_IDS = [(one.method, one.rule) for one in operations if "<" in one.rule]


@pytest.fixture(scope="module")
def table(world: World) -> Desk:
    """An evening that is on, and tokens to reach it by."""
    return desk(world)


@pytest.mark.parametrize(("method", "rule"), WITH_IDS, ids=lambda part: str(part))
def test_a_path_that_is_no_id_is_not_found(table: Desk, method: str, rule: str) -> None:
    start, _, rest = rule.partition("<")
    end = rest.partition(">")[2]
    for odd in ("x", "%00", "1", "..", "%F0%9F%8E%9F", "x" * 5000, "'; DROP TABLE venue; --", str(uuid4()) + "0"):
        answer = table.client.open(f"{start}{odd}{end}", method=method, headers=table.headers("manager"), json={})
        refused(answer, 404, 405)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=-1", "limit=x", f"limit={HUGE}", "limit=1&limit=2", "after=x", "after=%00", "unknown=1",
     "limit=1e3", "limit=%FF", "after=" + "9" * 5000],
)  # fmt: skip
def test_an_odd_query_is_refused(table: Desk, query: str) -> None:
    refused(table.client.get(f"/api/v1/events?{query}", headers=table.headers("manager")), 400, 422)


def test_a_request_id_of_ones_own_is_kept_when_it_is_harmless(table: Desk) -> None:
    kept = table.client.get("/healthz", headers={"X-Request-ID": "phone-12345678"})
    assert kept.headers["X-Request-ID"] == "phone-12345678"
    for odd in ("a b", "<script>", "x" * 200, "ünïcode-id", ""):
        assert table.client.get("/healthz", headers={"X-Request-ID": odd}).headers["X-Request-ID"] != odd


def test_nothing_under_the_api_is_a_page(table: Desk) -> None:
    for path in ("/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/events", "/api/v1/events/"):
        refused(table.client.get(path, headers=table.headers("manager")), 401, 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_another_method_is_refused(table: Desk, method: str) -> None:
    answer = table.client.open("/api/v1/events", method=method, headers=table.headers("manager"))
    refused(answer, 405)
