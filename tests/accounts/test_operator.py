"""The operator's commands: a link, a list, and closing an organization without losing its rows."""

from __future__ import annotations

import base64

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests.accounts.test_api_token import ask, make
from tests.conftest import MASTER_KEY, Database
from tests.personas import Personas
from voelgoed.accounts.visitor import organization_of
from voelgoed.cli import main
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.tenancy import rows


@pytest.fixture
def environment(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Say in the environment what the commands need."""
    monkeypatch.setenv("DATABASE_URL", database.url())
    monkeypatch.setenv("DATABASE_OWNER_URL", database.url("voelgoed_migrator"))
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.setenv("VOELGOED_KEYS", base64.urlsafe_b64encode(MASTER_KEY).decode())
    monkeypatch.setenv("VOELGOED_PUBLIC_URL", "https://kaartjies.test")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["organization", *words])


@pytest.mark.usefixtures("environment")
def test_create_prints_a_link_that_founds(app: Flask) -> None:
    link = run("create").output.strip().splitlines()[-1]
    before, _, secret = link.partition("#")
    assert before == "https://kaartjies.test/-/first-owner"
    app.config["WTF_CSRF_ENABLED"] = False
    assert app.test_client().post("/-/first-owner", data={"secret": secret}).status_code == 200


@pytest.mark.usefixtures("environment")
def test_a_suspended_organization_is_closed_and_opened_again(app: Flask, personas: Personas) -> None:
    owner = personas.client()
    token = make(owner, "owner")
    assert run("list").output.splitlines() == ["abroad\tAbroad", "home\tHome"]
    assert run("suspend", "home").output.strip() == "home is suspended"
    assert "home\tHome\tsuspended" in run("list").output
    organization_of.cache.clear()
    assert owner.get("/home/").status_code == 404
    assert ask(app, token) == 401
    assert personas.outsider().get("/abroad/").status_code == 200
    assert run("suspend", "home", "--lift").output.strip() == "home is open again"
    assert owner.get("/home/").status_code == 200
    assert ask(app, token) == 200
    with personas.home.scope():
        said = rows(AuditEntry).filter_by(object="organization", action="changed").all()
        assert {entry.actor_kind for entry in said} == {"system"}
        assert all("suspended_at" in entry.changes for entry in said)


@pytest.mark.usefixtures("environment")
def test_an_unknown_name_and_a_missing_owner_are_said_in_one_line(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = run("suspend", "nobody")
    assert (unknown.exit_code, "no organization 'nobody'" in unknown.output) == (1, True)
    assert run("suspend", "platform").exit_code == 1
    monkeypatch.delenv("DATABASE_OWNER_URL")
    missing = run("list")
    assert (missing.exit_code, "DATABASE_OWNER_URL is not set" in missing.output) == (1, True)
