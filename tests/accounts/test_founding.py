"""The link of the first owner: once, for whoever holds it, and never in an address that a server sees."""

from __future__ import annotations

from flask import Flask

from tests.accounts.people import PASSWORD, with_password
from tests.personas import Personas
from voelgoed.accounts.founding import first_owner_link, new_link

OWNER = {"name": "Klein Karoo Feeste", "slug": "karoo", "owner": "Zoë van Wyk", "email": "Zoe@Karoo.test",
         "password": PASSWORD}  # fmt: skip


def secret_of(link: str | None) -> str:
    assert link is not None
    before, _, secret = link.partition("#")
    assert before.endswith("/-/first-owner")
    return secret


def test_the_link_founds_an_organization_and_signs_its_owner_in(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    secret, client = secret_of(first_owner_link(app.config["VOELGOED"])), app.test_client()
    assert b"data-fragment" in client.get("/-/first-owner").data
    assert secret in client.post("/-/first-owner", data={"secret": secret}).text
    founded = client.post("/-/first-owner/organization", data=OWNER | {"secret": secret})
    assert founded.headers["Location"] == "/karoo/"
    assert "Klein Karoo Feeste" in client.get("/karoo/").text
    again = client.post("/-/first-owner/organization", data=OWNER | {"secret": secret, "slug": "other"})
    assert (again.status_code, b"used already" in again.data) == (422, True)


def test_there_is_no_first_owner_link_once_there_is_an_organization(app: Flask, personas: Personas) -> None:
    assert first_owner_link(app.config["VOELGOED"]) is None


def test_a_taken_or_kept_or_odd_short_name_is_said_at_its_field(app: Flask, personas: Personas) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    secret, client = secret_of(new_link(app.config["VOELGOED"])), app.test_client()
    for slug, words in (("home", "is taken"), ("api", "kept for the system"), ("-", "Small letters")):
        refused = client.post("/-/first-owner/organization", data=OWNER | {"secret": secret, "slug": slug})
        assert (refused.status_code, words in refused.text) == (422, True), slug
    assert client.post("/-/first-owner", data={"secret": secret}).status_code == 200


def test_a_known_address_needs_its_own_password(app: Flask, personas: Personas) -> None:
    email = with_password(personas.home)
    app.config["WTF_CSRF_ENABLED"] = False
    secret, client = secret_of(new_link(app.config["VOELGOED"])), app.test_client()
    said = OWNER | {"secret": secret, "email": email, "password": "not the one at all"}
    refused = client.post("/-/first-owner/organization", data=said)
    assert b"already has a password" in refused.data
    client.post("/-/first-owner/organization", data=said | {"password": PASSWORD})
    assert client.get("/karoo/").status_code == 200
    assert client.get("/home/").status_code == 200


def test_a_guessed_link_opens_nothing_and_guessing_ends(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    answers = [client.post("/-/first-owner", data={"secret": f"guess {n}"}).status_code for n in range(31)]
    assert answers == [422] * 30 + [429]
