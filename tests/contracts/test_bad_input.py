"""Whatever is sent, the answer is a clear 4xx, never a failure, and nothing is half written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import World
from tests.contracts.calls import Call, Desk, desk, refused
from voelgoed.foundation.web.api import operations

NAMES = ("checkout", "complete", "pair", "scan", "reverse", "override", "heartbeat", "void")
every_call = pytest.mark.parametrize("name", NAMES)
WORDS = "Ôupa se ênsklaas: 'n Jöburg-fees 🎟️🇿🇦 naïef"
HUGE = 10**40
WRONG: tuple[Any, ...] = (None, [], {}, "", "x", -1, 1.5, True, HUGE, -HUGE, [[]], {"a": 1}, "9" * 5000)


WRITING = {"test_wrong_values_in_every_place_never_fail", "test_any_words_are_welcome_in_every_text"}
"""Tests in which some of what is sent is right after all."""


@pytest.fixture(scope="module")
def table(world: World) -> Desk:
    """An evening that is on, and tokens to reach it by."""
    return desk(world)


@pytest.fixture(autouse=True)
def _nothing_is_written(table: Desk, request: pytest.FixtureRequest) -> Iterator[None]:
    before = table.written()
    yield
    if request.node.originalname not in WRITING:
        assert table.written() == before


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the way to each value inside a body."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from _places(part, (*path, key))


def _with(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return the body with one value changed."""
    changed = json.loads(json.dumps(body))
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


def _call(table: Desk, name: str) -> tuple[Call, Any]:
    call = table.calls()[name]
    assert call.body is not None
    return call, call.body()


def test_every_call_with_a_body_is_tried(table: Desk) -> None:
    wanted = {(one.method, one.rule.count("/"), one.rule.rsplit("/", 1)[-1]) for one in operations if one.body}
    tried = {(call.method, call.path.count("/"), call.path.rsplit("/", 1)[-1]) for call in table.calls().values()}
    assert tried == wanted


@every_call
@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"null", b"[]", b'"text"', b"{'single': 1}", b'{"a": NaN}', b"\xff\xfe\x00", b'{"a": "\xc3\x28"}',
        b'{"reason": "\\ud800"}', b"[" * 100_000, b'{"a":' * 50_000, b"1" * 6000, b"\x00", b"<xml/>", b"{}}",
    ],
    ids=lambda raw: repr(raw[:14]),
)  # fmt: skip
def test_what_is_no_right_json_is_refused(table: Desk, name: str, raw: bytes) -> None:
    call, _ = _call(table, name)
    refused(table.send(call, raw), 400, 422)


@every_call
def test_text_that_is_no_utf_8_is_refused_inside_a_right_body(table: Desk, name: str) -> None:
    call, body = _call(table, name)
    raw = json.dumps(body).encode().replace(b'"}', b'\xff"}', 1).replace(b'",', b'\xff",', 1)
    refused(table.send(call, raw), 400)


@every_call
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_kind_of_content_is_refused(table: Desk, name: str, kind: str) -> None:
    call, body = _call(table, name)
    refused(table.send(call, json.dumps(body).encode(), kind), 415)


@every_call
def test_ten_megabytes_are_refused(table: Desk, name: str) -> None:
    call, body = _call(table, name)
    raw = json.dumps({**body, "padding": "x" * 10_000_000}).encode()
    refused(table.send(call, raw), 413)


@every_call
def test_more_than_the_server_reads_at_all_is_refused(table: Desk, name: str) -> None:
    call, _ = _call(table, name)
    refused(table.send(call, b" " * 13_000_000), 413)


@every_call
def test_a_body_of_unknown_length_is_limited_too(table: Desk, name: str) -> None:
    call, body = _call(table, name)
    raw = json.dumps({**body, "padding": "x" * 2_000_000}).encode()
    answer = table.client.open(
        call.path, method=call.method, input_stream=BytesIO(raw), content_type="application/json",
        headers={**table.headers(call.token), "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )  # fmt: skip
    refused(answer, 413)


@every_call
def test_an_unknown_field_is_refused(table: Desk, name: str) -> None:
    call, body = _call(table, name)
    said = refused(table.say(call, {**body, "organization_id": str(uuid4())}), 422)
    assert "organization_id" in said["errors"]


@every_call
def test_a_name_that_stands_twice_is_refused(table: Desk, name: str) -> None:
    call, body = _call(table, name)
    key = next(iter(body))
    raw = json.dumps(body).encode()
    twice = b'{"' + key.encode() + b'": ' + json.dumps(body[key]).encode() + b", " + raw[1:]
    refused(table.send(call, twice), 400)


@every_call
def test_a_null_character_is_refused_in_every_text(table: Desk, name: str) -> None:
    call, body = _call(table, name)
    texts = [path for path in _places(body) if isinstance(_at(body, path), str)]
    for path in texts:
        refused(table.say(call, _with(body, path, _at(body, path) + "\0")), 422)


def _at(body: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        body = body[key]
    return body


@every_call
def test_a_missing_field_is_refused_or_not_needed(table: Desk, name: str) -> None:
    call, body = _call(table, name)
    empty = table.say(call, {})
    if name != "heartbeat":
        assert refused(empty, 422)["errors"]
    assert body


@every_call
def test_wrong_values_in_every_place_never_fail(table: Desk, name: str) -> None:
    call, body = _call(table, name)
    for path in _places(body):
        for value in WRONG:
            answer = table.say(call, _with(body, path, value))
            assert answer.status_code < 500, (path, value, answer.text[:300])
            if answer.status_code >= 400:
                refused(answer)


@every_call
def test_any_words_are_welcome_in_every_text(table: Desk, name: str) -> None:
    call, body = _call(table, name)
    for path in _places(body):
        if path[-1] in {"name", "reason", "app_version", "code"}:
            answer = table.say(call, _with(_call(table, name)[1], path, WORDS[:40]))
            assert answer.status_code in (200, 201, 404), (path, answer.text[:300])


@every_call
def test_the_token_is_looked_at_before_the_body(table: Desk, name: str) -> None:
    call, _ = _call(table, name)
    if name == "pair":
        return
    nobody = table.client.open(call.path, method=call.method, data=b"{", content_type="application/json")
    refused(nobody, 401)


@pytest.mark.parametrize(
    "header",
    [
        "", "Bearer", "Bearer ", "Bearer x", "Basic dXNlcjpwYXNz", "Bearer vgu_", "Bearer vgu_!!!!",
        "Bearer vgd_" + "A" * 64, "Bearer vgu_" + "A" * 64, "Bearer vgu_" + "A" * 1000, "Bearer vgx_" + "A" * 64,
        "Bearer vgu_\xe9" + "A" * 63,
    ],
)  # fmt: skip
@every_call
def test_a_token_that_opens_nothing_is_refused(table: Desk, name: str, header: str) -> None:
    call, body = _call(table, name)
    if name == "pair":
        return
    answer = table.client.open(call.path, method=call.method, json=body, headers={"Authorization": header})
    refused(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
