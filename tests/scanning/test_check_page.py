"""The check page and the way to trust this machine, as they are served."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from tests.control.test_phones import ask
from tests.personas import Personas
from tests.scanning.evening import put_on

TRUST = "http://gate.example:8001/"


@pytest.fixture
def trusting(app: Flask) -> Flask:
    """The application as `voelgoed up --lan` runs it, with an authority of its own."""
    app.config["VOELGOED"] = replace(app.config["VOELGOED"], trust_url=TRUST, trust_fingerprint="AB:CD:EF")
    return app


def test_the_check_page_is_public_says_what_to_do_and_carries_no_cookie(app: Flask, personas: Personas) -> None:
    answer = app.test_client().get("/home/scan/check")
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
    for name in ("reachable", "trusted", "camera", "offline", "storage"):
        assert f'id="{name}"' in answer.text
    assert "client isolation" in answer.text
    assert "under its https address" in answer.text


def test_with_an_own_authority_pages_say_how_to_trust_it(trusting: Flask, personas: Personas) -> None:
    assert f'href="{TRUST}"' in trusting.test_client().get("/home/scan/check").text
    evening = put_on(trusting, personas.home)
    page = ask(personas.client("gate_supervisor"), evening, evening.gates["South"])[1]
    for words in (TRUST, "AB:CD:EF", "Certificate Trust Settings", "Install anyway"):
        assert words in page
    assert len(re.findall(r"<svg[^>]*class=\"qr\"", page)) == 2


def test_without_one_the_pairing_page_says_nothing_of_it(app: Flask, personas: Personas) -> None:
    evening = put_on(app, personas.home)
    page = ask(personas.client("gate_supervisor"), evening, evening.gates["South"])[1]
    assert "SHA-256" not in page
    assert "/home/scan/check</b>" in page


def test_an_own_authority_does_not_turn_the_plain_page_away(trusting: Flask) -> None:
    """HSTS holds for every port of a name: with it, the page that helps to trust could not be opened again."""
    secure = {"base_url": "https://gate.example"}
    header = "Strict-Transport-Security"
    assert header not in trusting.test_client().get("/healthz", **secure).headers
    trusting.config["VOELGOED"] = replace(trusting.config["VOELGOED"], trust_url="")
    assert header in trusting.test_client().get("/healthz", **secure).headers
