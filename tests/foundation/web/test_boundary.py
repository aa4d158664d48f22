"""The boundary of a request: found, authorised, done, rendered, committed; all of it or nothing."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient

from tests.conftest import World
from tests.foundation.web.conftest import HEARD
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import has_scope


def _named(world: World, name: str) -> int:
    with psycopg.connect(world.database.url("postgres")) as admin:
        row = admin.execute("SELECT count(*) FROM venue WHERE name = %s", (name,)).fetchone()
    return int(row[0]) if row else 0


def _made(client: FlaskClient, name: str) -> UUID:
    answer = client.post(f"/home/probe/venues/{name}")
    assert answer.status_code == 201
    return UUID(answer.json["id"])  # type: ignore[index]


def test_what_a_page_did_is_committed_once_it_is_rendered(probed: World, owner: FlaskClient) -> None:
    name = uuid4().hex
    venue_id = _made(owner, name)
    assert _named(probed, name) == 1
    assert [name] == HEARD
    assert owner.get(f"/home/probe/venues/{venue_id}").json == {"name": name, "who": "owner of home"}
    assert not has_scope()


@pytest.mark.parametrize("way", ["fails", "unrenderable"])
def test_what_fails_leaves_nothing_and_tells_nobody(probed: World, owner: FlaskClient, way: str) -> None:
    name = uuid4().hex
    answer = owner.post(f"/home/probe/{way}/{name}")
    assert answer.status_code == 500
    assert "Nothing was changed" in answer.text
    assert "Traceback" not in answer.text
    assert _named(probed, name) == 0
    assert HEARD == []


def test_a_failure_of_what_every_page_shows_is_said_in_words(
    probed: World, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voelgoed.foundation.web.problem.render_template", lambda *_, **__: 1 / 0)
    answer = owner.post(f"/home/probe/fails/{uuid4().hex}")
    assert (answer.status_code, answer.text) == (
        500, "Something failed on our side. Nothing was changed. Try again, or tell your manager.",
    )  # fmt: skip


def test_what_the_database_refuses_is_found_before_the_answer(probed: World, owner: FlaskClient) -> None:
    assert owner.post("/home/probe/unflushable").status_code == 500
    assert _named(probed, "") == 0


def test_a_value_that_no_column_holds_is_refused(owner: FlaskClient) -> None:
    assert owner.post("/home/probe/odd").status_code == 422


def test_a_database_that_takes_too_long_is_said_with_when_to_come_again(owner: FlaskClient) -> None:
    answer = owner.post("/home/probe/slow")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert owner.get("/home/probe/open").status_code == 200, "the connection came back unusable"


def test_taken_connections_are_said_with_when_to_come_again(probed: World, owner: FlaskClient) -> None:
    taken = [db.engine.connect() for _ in range(10)]
    try:
        assert owner.get("/home/probe/open").status_code == 503
    finally:
        for connection in taken:
            connection.close()
    assert owner.get("/home/probe/open").status_code == 200


def test_a_follower_that_fails_does_not_undo_the_answer(probed: World, owner: FlaskClient) -> None:
    name = uuid4().hex
    assert owner.post(f"/home/probe/followed/{name}").status_code == 201
    assert _named(probed, name) == 1
    assert [name] == HEARD


def test_who_waits_holds_neither_scope_nor_connection(probed: World, owner: FlaskClient) -> None:
    name = uuid4().hex
    answer = owner.post(f"/home/probe/later/{name}")
    assert answer.json == {"outside": "scope False, connections 0"}
    assert _named(probed, name) == 1


def test_an_outsider_finds_nothing(probed: World, owner: FlaskClient) -> None:
    venue_id = _made(owner, uuid4().hex)
    outsider = probed.personas.outsider()
    assert outsider.get(f"/home/probe/venues/{venue_id}").status_code == 404
    assert outsider.get(f"/abroad/probe/venues/{venue_id}").status_code == 404
    assert outsider.post(f"/home/probe/venues/{uuid4().hex}").status_code == 404


def test_a_colleague_with_a_lesser_role_is_told_so(probed: World, owner: FlaskClient) -> None:
    clerk = probed.personas.client("box_office")
    venue_id = _made(owner, uuid4().hex)
    name = uuid4().hex
    refused = clerk.post(f"/home/probe/venues/{name}")
    assert (refused.status_code, _named(probed, name)) == (403, 0)
    assert clerk.get(f"/home/probe/venues/{venue_id}").status_code == 200


def test_nobody_is_asked_to_sign_in_and_brought_back(probed: World) -> None:
    client = probed.app.test_client()
    answer = client.get(f"/home/probe/venues/{uuid4()}?tab=2")
    assert answer.status_code == 303
    assert "/-/" in answer.location
    assert "next=" in answer.location
    program = client.get(f"/home/probe/venues/{uuid4()}", headers={"Accept": "application/json"})
    assert (program.status_code, program.mimetype) == (401, "application/problem+json")


def test_a_sign_in_that_ended_opens_nothing_from_then_on(probed: World, owner: FlaskClient) -> None:
    venue_id = _made(owner, uuid4().hex)
    assert owner.get(f"/home/probe/venues/{venue_id}").status_code == 200
    with psycopg.connect(probed.database.url("postgres"), autocommit=True) as admin:
        admin.execute("UPDATE sign_in SET ended_at = now()")
    assert owner.get(f"/home/probe/venues/{venue_id}").status_code == 303


def test_a_person_who_left_finds_nothing(probed: World) -> None:
    clerk = probed.personas.client("auditor")
    assert clerk.post("/home/probe/on").status_code == 303
    leaving = "UPDATE membership SET left_at = {} WHERE user_id = %s"
    with psycopg.connect(probed.database.url("postgres"), autocommit=True) as admin:
        admin.execute(leaving.format("now()"), (probed.personas.home.people["auditor"],))  # type: ignore[arg-type]
        assert clerk.post("/home/probe/on").status_code == 404
        admin.execute(leaving.format("NULL"), (probed.personas.home.people["auditor"],))  # type: ignore[arg-type]


def test_a_public_page_is_inside_its_organization_and_no_other(probed: World, owner: FlaskClient) -> None:
    _made(owner, uuid4().hex)
    client = probed.app.test_client()
    ours, theirs = client.get("/home/probe/open").json, client.get("/abroad/probe/open").json
    assert ours is not None
    assert ours["venues"] > 0
    assert theirs == {"venues": 0, "inside": True}
    assert client.get("/nobody/probe/open").status_code == 404


@pytest.mark.parametrize("slug", ["api", "static", "x", "UPPER", "%00", "a" * 50, "-"])
def test_what_cannot_be_an_organization_is_not_looked_up(probed: World, owner: FlaskClient, slug: str) -> None:
    assert owner.get(f"/{slug}/probe/open").status_code == 404


def test_after_a_deed_one_is_led_on(owner: FlaskClient) -> None:
    plain = owner.post("/home/probe/on")
    assert (plain.status_code, plain.location) == (303, "/home/probe/open")
    swapped = owner.post("/home/probe/on", headers={"HX-Request": "true"})
    assert (swapped.status_code, swapped.headers["HX-Redirect"]) == (204, "/home/probe/open")


def test_the_trail_names_the_request(probed: World, owner: FlaskClient) -> None:
    answer = owner.post(f"/home/probe/venues/{uuid4().hex}", headers={"X-Request-ID": "asked-by-hand-1"})
    with psycopg.connect(probed.database.url("postgres")) as admin:
        row = admin.execute(
            "SELECT request, actor_kind, actor_label FROM audit_entry WHERE object_id = %s",
            (answer.json["id"],),  # type: ignore[index]
        ).fetchone()
    assert row == ("asked-by-hand-1", "user", "owner of home")
