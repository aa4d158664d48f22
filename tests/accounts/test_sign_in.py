"""Signing in and out: the cookie, its row, and what ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.accounts.people import PASSWORD, browser_of, with_password
from tests.personas import Personas
from voelgoed.accounts import sign_in
from voelgoed.accounts.door_pages import local
from voelgoed.accounts.password import fits, hash_password


def test_the_right_password_opens_ones_own_organization(app: Flask, personas: Personas) -> None:
    client = browser_of(app, with_password(personas.home))
    assert client.get("/").headers["Location"] == "/home/"
    assert client.get("/home/").status_code == 200
    assert client.get("/abroad/").status_code == 404


@pytest.mark.parametrize("email", ["owner@home.test", "nobody@home.test"])
def test_a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words(
    app: Flask, personas: Personas, email: str
) -> None:
    with_password(personas.home)
    app.config["WTF_CSRF_ENABLED"] = False
    refused = app.test_client().post("/-/sign-in", data={"email": email, "password": "guessing"})
    assert refused.status_code == 422
    assert b"do not belong together" in refused.data


def test_an_unknown_address_costs_the_same_work() -> None:
    assert not fits(None, "nobody has this password")
    assert fits(hash_password(PASSWORD), PASSWORD)
    assert not fits("none", PASSWORD)


def test_signing_in_needs_the_forms_proof(app: Flask, personas: Personas) -> None:
    email = with_password(personas.home)
    refused = app.test_client().post("/-/sign-in", data={"email": email, "password": PASSWORD})
    assert (refused.status_code, b"open too long" in refused.data) == (400, True)


def test_signing_in_again_changes_the_secret_and_ends_the_former(app: Flask, personas: Personas) -> None:
    email = with_password(personas.home)
    client = browser_of(app, email)
    with client.session_transaction() as session:
        before = dict(session)
    client.post("/-/sign-in", data={"email": email, "password": PASSWORD})
    with client.session_transaction() as session:
        assert session[sign_in.COOKIE_KEY] != before[sign_in.COOKIE_KEY]
    with client.session_transaction() as session:
        session.update(before)
    assert client.get("/home/").status_code == 303


def test_signing_out_ends_the_sign_in_for_copies_of_the_cookie_too(app: Flask, personas: Personas) -> None:
    client = browser_of(app, with_password(personas.home))
    with client.session_transaction() as session:
        copied = dict(session)
    client.post("/-/sign-out")
    with client.session_transaction() as session:
        session.update(copied)
    assert client.get("/home/").headers["Location"].startswith("/-/sign-in")


def test_too_many_tries_are_refused_though_the_password_is_right_and_there_is_no_cache(
    app: Flask, personas: Personas
) -> None:
    email = with_password(personas.home)
    app.config["VOELGOED"] = replace(app.config["VOELGOED"], redis_url=None)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for _ in range(sign_in.MOST_PER_EMAIL):
        assert client.post("/-/sign-in", data={"email": email, "password": "guess"}).status_code == 422
    refused = client.post("/-/sign-in", data={"email": email, "password": PASSWORD})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
    assert b"Wait ten minutes" in refused.data
    other = with_password(personas.home, "manager")
    assert client.post("/-/sign-in", data={"email": other, "password": PASSWORD}).status_code == 303


def test_without_the_limit_the_eleventh_guess_would_be_answered(
    app: Flask, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "MOST_PER_EMAIL", 10**6)
    email = with_password(personas.home)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    answers = [client.post("/-/sign-in", data={"email": email, "password": "guess"}).status_code for _ in range(11)]
    assert answers == [422] * 11


def test_a_new_password_ends_the_other_sign_ins_on_wish(app: Flask, personas: Personas) -> None:
    email = with_password(personas.home)
    here, there = browser_of(app, email), browser_of(app, email)
    changed = {"current": PASSWORD, "new": "die maan kom op daarna", "end_others": "true"}
    assert here.post("/-/account/password", data=changed).status_code == 200
    assert here.get("/home/").status_code == 200
    assert there.get("/home/").status_code == 303
    assert browser_of(app, email).get("/home/").status_code == 303
    assert browser_of(app, email, "die maan kom op daarna").get("/home/").status_code == 200


def test_a_wrong_present_password_changes_nothing(app: Flask, personas: Personas) -> None:
    email = with_password(personas.home)
    client = browser_of(app, email)
    changed = {"current": "guess", "new": "die maan kom op daarna"}
    assert b"not your present password" in client.post("/-/account/password", data=changed).data
    assert browser_of(app, email).get("/home/").status_code == 200


def test_ones_own_sign_ins_are_listed_and_ended_one_by_one(app: Flask, personas: Personas) -> None:
    email = with_password(personas.home)
    here, there = browser_of(app, email), browser_of(app, email)
    with there.session_transaction() as session:
        other = session[sign_in.COOKIE_KEY]
    from voelgoed.accounts.visitor import person_of
    from voelgoed.foundation.web.identity import hash_secret

    found = person_of(hash_secret(other))
    assert found is not None
    assert str(found.sign_in_id) in here.get("/-/account").text
    stranger = personas.outsider()
    assert stranger.post(f"/-/account/sign-ins/{found.sign_in_id}/end").status_code == 404
    assert there.get("/home/").status_code == 200
    here.post(f"/-/account/sign-ins/{found.sign_in_id}/end")
    assert there.get("/home/").status_code == 303


@pytest.mark.parametrize("path", ["https://elsewhere.test/", "//elsewhere.test", "/\\elsewhere.test", "home"])
def test_nobody_is_led_elsewhere_after_signing_in(path: str) -> None:
    assert local(path) is None
    assert local("/home/events?x=1") == "/home/events?x=1"
