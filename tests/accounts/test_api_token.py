"""API tokens: shown once, carrying no more than their maker may do, closed at once when revoked."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.people import member_of
from tests.personas import Personas
from voelgoed.accounts.membership import ApiToken
from voelgoed.accounts.roles import ROLES, within
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows

EVENTS = "/api/v1/events"


def make(client: FlaskClient, role: str, slug: str = "home") -> str:
    """Make a token on the page; returns it as shown."""
    shown = client.post(f"/{slug}/tokens", data={"label": "Shop", "role": role}).text
    found = re.search(r"vgu_[\w-]+", shown)
    assert found, shown
    return found[0]


def ask(app: Flask, token: str) -> int:
    return app.test_client().get(EVENTS, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_opens_the_api_and_is_shown_once(app: Flask, personas: Personas) -> None:
    owner = personas.client()
    token = make(owner, "box_office")
    assert ask(app, token) == 200
    assert token not in owner.get("/home/tokens").text
    with personas.home.scope():
        assert token.encode() not in rows(ApiToken).one().secret_hash


def test_a_revoked_token_opens_nothing_and_outsiders_revoke_none(app: Flask, personas: Personas) -> None:
    token = make(personas.client(), "box_office")
    with personas.home.scope():
        token_id = rows(ApiToken).one().id
    assert personas.outsider().post(f"/abroad/tokens/{token_id}/revocation").status_code == 404
    assert ask(app, token) == 200
    personas.client("manager").post(f"/home/tokens/{token_id}/revocation")
    assert ask(app, token) == 401


def test_a_token_ends_with_its_makers_membership_and_with_their_role(app: Flask, personas: Personas) -> None:
    token = make(personas.client("manager"), "manager")
    with personas.home.scope():
        member_of(personas.home, "manager").roles = ["box_office"]
        commit()
    assert ask(app, token) == 401
    with personas.home.scope():
        member = member_of(personas.home, "manager")
        member.roles, member.left_at = ["manager"], now()
        commit()
    assert ask(app, token) == 401


def test_a_token_may_do_no_more_than_its_maker(personas: Personas) -> None:
    refused = personas.client("manager").post("/home/tokens", data={"label": "x", "role": "owner"})
    assert (refused.status_code, b"no more than you" in refused.data) == (422, True)
    for role in ROLES:
        assert within(role, (role,))
        assert within(role, ("owner",)) or role in ("owner",)
    assert not within("accountant", ("manager",))


def test_a_token_claims_only_its_own_organization(app: Flask, personas: Personas) -> None:
    token = make(personas.client(), "owner")
    other = make(personas.outsider(), "owner", "abroad")
    import base64

    raw = base64.urlsafe_b64decode(token[4:])
    foreign = base64.urlsafe_b64decode(other[4:])
    mixed = "vgu_" + base64.urlsafe_b64encode(foreign[:16] + raw[16:]).decode().rstrip("=")
    assert ask(app, mixed) == 401


def test_who_may_not_make_tokens_is_told_so(personas: Personas) -> None:
    for role in ("box_office", "gate_supervisor", "accountant", "auditor"):
        assert personas.client(role).post("/home/tokens", data={"label": "x", "role": role}).status_code == 403
