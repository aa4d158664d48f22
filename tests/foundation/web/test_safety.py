"""What every answer carries, what every form proves, what every log line says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.conftest import World
from voelgoed.config import Config


@pytest.fixture
def with_proof(probed: World) -> Iterator[FlaskClient]:
    """Return a client that signed in, on an application that asks forms for their proof."""
    client = probed.personas.client()
    probed.app.config["WTF_CSRF_ENABLED"] = True
    yield client
    probed.app.config["WTF_CSRF_ENABLED"] = False


def test_a_deed_without_a_proof_is_refused_and_changes_nothing(with_proof: FlaskClient) -> None:
    answer = with_proof.post("/home/probe/venues/forged")
    assert answer.status_code == 400
    assert answer.headers["X-Request-ID"]
    program = with_proof.post("/home/probe/venues/forged", json={})
    assert program.json is not None
    assert program.json["type"] == "no_proof"


def test_a_deed_with_another_browsers_proof_is_refused(with_proof: FlaskClient) -> None:
    forged = with_proof.post("/home/probe/venues/forged", headers={"X-CSRF-Token": "made-up"})
    assert forged.status_code == 400


def test_reading_needs_no_proof(with_proof: FlaskClient) -> None:
    assert with_proof.get("/home/probe/open").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/home/probe/open", "/nothing/here", "/api/v1/events"])
def test_every_answer_is_kept_in_its_place(probed: World, path: str) -> None:
    headers = probed.app.test_client().get(path).headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert len(headers["X-Request-ID"]) == 32


def test_pages_are_kept_by_nobody(probed: World) -> None:
    answer = probed.app.test_client().get("/home/probe/open")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("url", "name", "secure"), [
    ("https://tickets.example", "__Host-voelgoed", True), ("http://127.0.0.1:8000", "voelgoed", False),
])  # fmt: skip
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(probed: World, url: str, name: str, secure: bool) -> None:
    from voelgoed import create_app

    config: Config = probed.database.config(public_url=url)
    app = create_app(config)
    with app.test_client() as client, client.session_transaction() as session:
        session["x"] = 1
    said = app.config
    assert (said["SESSION_COOKIE_NAME"], said["SESSION_COOKIE_SECURE"]) == (name, secure)
    assert (said["SESSION_COOKIE_HTTPONLY"], said["SESSION_COOKIE_SAMESITE"]) == (True, "Lax")
    assert said["SESSION_COOKIE_PATH"] == "/"


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b"])
def test_a_null_character_in_an_address_is_refused(probed: World, query: str) -> None:
    assert probed.app.test_client().get(f"/home/probe/open?{query}").status_code == 400


def test_strange_forms_are_refused_at_the_field() -> None:
    from werkzeug.datastructures import MultiDict

    from tests.foundation.web.conftest import Said
    from voelgoed.foundation.web import read

    form = read(Said, MultiDict([("name", "a\0b"), ("rows", "x")]), lists=("rows",))
    assert not form.ok
    assert list(form.errors) == ["name"]
    assert list(read(Said, MultiDict([("name", "a"), ("rows", "x\0")]), lists=("rows",)).errors) == ["rows"]
    assert list(read(Said, MultiDict([("other", "a"), ("name", "b")])).errors) == ["other"]
    assert list(read(Said, MultiDict([("name", "  ")])).errors) == ["name"]
    fine = read(Said, MultiDict([("name", " Ôupa 🎟️ "), ("rows", "x"), ("rows", "")]), lists=("rows",))
    assert (fine.model.name, fine.model.rows) == ("Ôupa 🎟️", ["x"])


SCRIPT = """
import logging, structlog
from voelgoed.foundation.web import logs
logs.configure()
structlog.contextvars.bind_contextvars(request="r-1")
structlog.get_logger("voelgoed.request").info("request", path="/x", status=200)
logging.getLogger("elsewhere").warning("by %s", "hand")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("elsewhere").exception("failed")
"""


def _said(kind: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], env={"VOELGOED_LOG": kind}, capture_output=True, text=True, check=True
    )


def test_logs_are_json_lines_that_name_the_request_and_leave_stdout_alone() -> None:
    said = _said("json")
    assert said.stdout == ""
    lines = [json.loads(line) for line in said.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["request", "by hand", "failed"]
    assert {line["request"] for line in lines} == {"r-1"}
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert lines[2]["exception"][0]["exc_type"] == "ZeroDivisionError"


def test_logs_on_a_terminal_are_for_people() -> None:
    said = _said("console")
    assert "by hand" in said.stderr
    assert not said.stderr.startswith("{")


def test_a_request_is_logged_by_its_path_and_never_its_query(probed: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "voelgoed.request")
    probed.app.test_client().get("/home/probe/open?token=secret-word")
    assert "secret-word" not in caplog.text
    assert "/home/probe/open" in caplog.text
