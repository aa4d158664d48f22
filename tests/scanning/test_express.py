"""The express lane: a scan is answered as by Flask's own way, in all that a phone can see."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from prometheus_client import REGISTRY
from werkzeug.test import TestResponse

from tests.scanning.evening import Evening, Phone
from voelgoed.foundation.web import PUBLIC
from voelgoed.foundation.web.express import declare, declared

FLASKS_WAY = "?"
"""A query, which no scan has, is Flask's business."""
RIGHT = {"content_type": "application/json"}
ODD: dict[str, dict[str, Any]] = {
    "no JSON": {"data": b"{", **RIGHT},
    "a form": {"data": b"code=x", "content_type": "application/x-www-form-urlencoded"},
    "nothing": {"data": b"", **RIGHT},
    "not UTF-8": {"data": b'{"code": "\xff"}', **RIGHT},
    "too much": {"data": b" " * 1_000_001, **RIGHT},
    "an unknown field": {"data": b'{"colour": "blue"}', **RIGHT},
    "a name twice": {"data": b'{"sequence": 1, "sequence": 2}', **RIGHT},
}


def told(answer: TestResponse) -> tuple[int, Any, dict[str, str]]:
    """Return what can be compared of an answer: not its id, nor how many are inside by now."""
    own = ("x-request-id", "content-length")
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in own}
    assert isinstance(answer.json, dict)
    return answer.status_code, {**answer.json, "occupancy": None}, headers


def ask(phone: Phone, way: str, token: str | None = None, **sent: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {phone.token if token is None else token}"}
    return phone.client.post(f"/api/v1/scans{way}", headers=headers, **sent)


@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_is_refused_alike_on_both_ways(evening: Evening, odd: str) -> None:
    phone = evening.phone()
    fast, flasks = ask(phone, "", **ODD[odd]), ask(phone, f"{FLASKS_WAY}way=flask", **ODD[odd])
    assert told(fast) == told(flasks)
    assert 400 <= fast.status_code < 500


def test_tokens_are_refused_alike_on_both_ways(evening: Evening) -> None:
    phone = evening.phone()
    for token in ("", "vgd_x", "vgd_" + "A" * 64):
        body = phone.body(evening.code())
        fast, flasks = ask(phone, "", token, json=body), ask(phone, f"{FLASKS_WAY}way=flask", token, json=body)
        assert told(fast) == told(flasks)
        assert fast.status_code == 401


def test_a_scan_again_is_answered_alike_on_both_ways_and_counted_and_logged(
    evening: Evening, caplog: pytest.LogCaptureFixture
) -> None:
    phone = evening.phone()
    body = phone.body(evening.code())
    labels = {"method": "POST", "route": "/api/v1/scans", "status": "200"}
    before = REGISTRY.get_sample_value("voelgoed_requests_total", labels) or 0.0
    caplog.set_level(logging.INFO, "voelgoed.request")
    ask(phone, "", json=body)  # each that follows is the first answer again
    fast, flasks = ask(phone, "", json=body), ask(phone, f"{FLASKS_WAY}way=flask", json=body)
    assert told(fast) == told(flasks)
    assert fast.json is not None
    assert fast.json["verdict"] == "admitted"
    assert fast.headers["X-Request-ID"] != flasks.headers["X-Request-ID"]
    named = phone.client.post("/api/v1/scans", headers={"X-Request-ID": "gate-south-0001"})
    assert named.headers["X-Request-ID"] == "gate-south-0001"
    assert REGISTRY.get_sample_value("voelgoed_requests_total", labels) == before + 3
    assert caplog.text.count("/api/v1/scans") == 4
    assert evening.app.test_client().get("/api/v1/scans").status_code == 405


def test_a_body_that_ends_too_soon_is_no_scan(evening: Evening) -> None:
    phone = evening.phone()
    sent = json.dumps(phone.body(evening.code())).encode()
    cut = phone.client.open(
        "/api/v1/scans",
        method="POST",
        data=sent,
        headers={"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"},
        environ_overrides={"CONTENT_LENGTH": str(len(sent) + 10)},
    )
    assert cut.status_code == 400


def test_only_calls_with_a_token_a_body_and_ids_may_take_the_lane() -> None:
    one = declared["POST", "/api/v1/scans"]
    for path, allow, body in (
        ("/api/v1/open", PUBLIC, one.body),
        ("/api/v1/scans/<int:number>", "scan", one.body),
        ("/api/v1/none", "scan", None),
    ):
        with pytest.raises(TypeError):
            declare("POST", path, allow, body, 10, one.view)
