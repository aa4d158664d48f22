"""People with real passwords, for the tests of the door."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.personas import House
from voelgoed.accounts.membership import Membership
from voelgoed.accounts.password import hash_password
from voelgoed.foundation.tenancy import door, rows

PASSWORD = "die son sak oor die Karoo"


def with_password(house: House, role: str = "owner") -> str:
    """Give the person with a role the password of these tests; returns the e-mail address."""
    with door() as opened:
        opened.call("set_password", user_id=house.people[role], password_hash=hash_password(PASSWORD))
    return f"{role}@{house.slug}.test"


def browser_of(app: Flask, email: str, password: str = PASSWORD) -> FlaskClient:
    """Sign in through the form, as a browser does."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/-/sign-in", data={"email": email, "password": password})
    return client


def member_of(house: House, role: str) -> Membership:
    """Return the membership of the person with a role; inside the house's scope."""
    return rows(Membership).filter_by(user_id=house.people[role]).one()
