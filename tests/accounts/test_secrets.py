"""What was typed at the door stands in no log, not even when the server fails."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

from tests.accounts.people import PASSWORD, with_password
from tests.conftest import STRONG
from tests.personas import Personas
from voelgoed.accounts import sign_in
from voelgoed.foundation.web.logs import _Lines


@pytest.mark.parametrize("as_json", [True, False])
def test_a_failure_while_signing_in_tells_no_password(
    app: Flask, personas: Personas, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    email = with_password(personas.home)

    def fail(*_given: object) -> None:
        raise RuntimeError("the door is stuck")

    monkeypatch.setattr(sign_in, "begin", fail)
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    handler = _Lines(as_json)
    logging.getLogger().addHandler(handler)
    try:
        answer = app.test_client().post("/-/sign-in", data={"email": email, "password": PASSWORD})
    finally:
        logging.getLogger().removeHandler(handler)
    said = capsys.readouterr().err
    assert (answer.status_code, "the door is stuck" in said) == (500, True)
    assert PASSWORD not in said
    assert PASSWORD not in answer.text


def test_passwords_cost_what_the_library_advises() -> None:
    assert STRONG.hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106, low memory
