"""Invitations: a link of one's own, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from tests.accounts.people import PASSWORD, browser_of, member_of, with_password
from tests.personas import Personas
from voelgoed.accounts.membership import Invitation
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows

LERATO = {"email": "lerato@till.test", "name": "Lerato Mokoena", "roles": ["box_office", "accountant"]}


def invite(personas: Personas, by: str = "owner", **changes: object) -> str:
    """Invite somebody; returns the secret of the link that was shown."""
    answer = personas.client(by).post("/home/staff/invitations", data=LERATO | changes)
    found = re.search(r"/home/join#([\w-]+)", answer.text)
    assert found, answer.text
    return found[1]


def test_an_invitation_makes_a_membership_with_its_roles(app: Flask, personas: Personas) -> None:
    secret, client = invite(personas), app.test_client()
    assert b"data-fragment" in client.get("/home/join").data
    shown = client.post("/home/join", data={"secret": secret}).text
    assert "Lerato Mokoena" in shown
    assert "Box office, Accountant" in shown
    joined = client.post("/home/join/accept", data={"secret": secret, "password": PASSWORD})
    assert joined.headers["Location"] == "/home/"
    assert "Lerato" in client.get("/home/").text
    assert client.get("/home/staff").status_code == 403
    assert browser_of(app, "lerato@till.test").get("/home/").status_code == 200
    again = app.test_client().post("/home/join/accept", data={"secret": secret, "password": PASSWORD})
    assert (again.status_code, b"was used" in again.data) == (422, True)


def test_the_trail_names_who_joined_and_neither_address_nor_secret(app: Flask, personas: Personas) -> None:
    secret = invite(personas)
    app.test_client().post("/home/join/accept", data={"secret": secret, "password": PASSWORD})
    with personas.home.scope():
        entries = rows(AuditEntry).filter(AuditEntry.object.in_(["invitation", "membership"])).all()
        assert "Lerato Mokoena" in {entry.actor_label for entry in entries}
        said = str([entry.changes for entry in entries])
        assert "lerato@till.test" not in said
        assert "secret" not in said


def test_who_is_known_joins_with_their_own_password_or_their_sign_in(app: Flask, personas: Personas) -> None:
    email = with_password(personas.abroad, "box_office")
    secret, client = invite(personas, email=email), app.test_client()
    refused = client.post("/home/join/accept", data={"secret": secret, "password": "another one here"})
    assert b"already has a password" in refused.data
    signed_in = browser_of(app, email)
    assert "signed in with this address" in signed_in.post("/home/join", data={"secret": secret}).text
    assert signed_in.post("/home/join/accept", data={"secret": secret}).status_code == 303
    page = signed_in.get("/home/")
    assert page.status_code == 200
    assert "/abroad/" in page.text


@pytest.mark.parametrize("spoil", ["withdrawn", "old"])
def test_a_withdrawn_or_old_invitation_opens_nothing(app: Flask, personas: Personas, spoil: str) -> None:
    secret = invite(personas)
    with personas.home.scope():
        found = rows(Invitation).one()
        if spoil == "withdrawn":
            assert personas.outsider().post(f"/abroad/staff/invitations/{found.id}/withdrawal").status_code == 404
            personas.client().post(f"/home/staff/invitations/{found.id}/withdrawal")
        else:
            found.expires_at = now() - timedelta(seconds=1)
            commit()
    assert app.test_client().post("/home/join", data={"secret": secret}).status_code == 422


def test_a_link_opens_nothing_in_another_organization(app: Flask, personas: Personas) -> None:
    secret, client = invite(personas), app.test_client()
    assert client.post("/abroad/join", data={"secret": secret}).status_code == 422
    assert client.post("/abroad/join/accept", data={"secret": secret, "password": PASSWORD}).status_code == 422


def test_managers_make_neither_owners_nor_managers(personas: Personas) -> None:
    for role in ("owner", "manager"):
        refused = personas.client("manager").post("/home/staff/invitations", data=LERATO | {"roles": [role]})
        assert (refused.status_code, b"Only an owner" in refused.data) == (422, True)
    assert invite(personas, by="manager", roles=["auditor"])
    assert invite(personas, by="owner", roles=["owner"], email="second@home.test")


@pytest.mark.parametrize("role", ["box_office", "gate_supervisor", "accountant", "auditor"])
def test_who_may_not_invite_is_told_so(personas: Personas, role: str) -> None:
    assert personas.client(role).post("/home/staff/invitations", data=LERATO).status_code == 403


def test_who_belongs_already_is_told_to_sign_in(app: Flask, personas: Personas) -> None:
    email = with_password(personas.home, "auditor")
    secret = invite(personas, email=email)
    answer = app.test_client().post("/home/join/accept", data={"secret": secret, "password": PASSWORD})
    assert b"belong to this organization already" in answer.data
    with personas.home.scope():
        assert member_of(personas.home, "auditor").roles == ["auditor"]
