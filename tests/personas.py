"""The people of the tests: an owner, colleagues with lesser roles, and outsiders from another organization."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from voelgoed.accounts.membership import Membership
from voelgoed.accounts.visitor import COOKIE_KEY
from voelgoed.boxoffice.open_shift import open_shift
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import Actor, door, scope
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.tills.till import Till

ROLES = ("owner", "manager", "box_office", "gate_supervisor", "accountant", "auditor")


@dataclass
class House:
    """One organization and its people: role → user id."""

    organization_id: UUID
    slug: str
    people: dict[str, UUID] = field(default_factory=dict)
    tills: dict[str, UUID] = field(default_factory=dict)
    shifts: dict[str, UUID] = field(default_factory=dict)

    def actor(self, role: str = "owner") -> Actor:
        """Return the person with a role as an actor."""
        return Actor("user", self.people[role], f"{role} of {self.slug}")

    @contextmanager
    def scope(self, role: str = "owner") -> Iterator[None]:
        """Open the organization's scope as the person with a role."""
        with scope(self.organization_id, self.actor(role)):
            yield


@dataclass
class Personas:
    """Our house, and the house of outsiders."""

    app: Flask
    home: House
    abroad: House

    def client(self, role: str = "owner", house: House | None = None) -> FlaskClient:
        """Return a client that has signed in as the person with a role (CSRF proof switched off in tests)."""
        house = house or self.home
        secret = secrets.token_urlsafe(32)
        with door() as opened:
            opened.call(
                "open_sign_in", id=uuid7(), user_id=house.people[role], secret_hash=hash_secret(secret),
                label="test", hours=1,
            )  # fmt: skip
        self.app.config["WTF_CSRF_ENABLED"] = False
        client = self.app.test_client()
        with client.session_transaction() as session:
            session[COOKIE_KEY] = secret
        return client

    def outsider(self) -> FlaskClient:
        """Return the other organization's owner."""
        return self.client("owner", self.abroad)


def _house(slug: str) -> House:
    link, organization_id, owner = secrets.token_urlsafe(32), uuid7(), uuid7()
    with door() as opened:
        opened.call("make_first_owner_link", id=uuid7(), secret_hash=hash_secret(link), hours=1)
        opened.call("create_user", id=owner, email=f"owner@{slug}.test", password_hash="none")
        opened.call(
            "found_organization", secret_hash=hash_secret(link), organization_id=organization_id, slug=slug,
            name=slug.title(), membership_id=uuid7(), user_id=owner, owner_name=f"owner of {slug}",
        )  # fmt: skip
    house = House(organization_id, slug, {"owner": owner})
    for role in ROLES[1:]:
        house.people[role] = user = uuid7()
        with door() as opened:
            opened.call("create_user", id=user, email=f"{role}@{slug}.test", password_hash="none")
        with house.scope():
            db.session.add(Membership(user_id=user, name=f"{role} of {slug}", roles=[role]))
            commit()
    _drawers(house)
    return house


def _drawers(house: House) -> None:
    """Open a shift for everybody who sells, each at a till of their own: cash needs a drawer."""
    for number, role in enumerate(("owner", "manager", "box_office"), start=1):
        with house.scope(role):
            till = Till(name=f"Till {number}", prefix=f"T{number}")
            db.session.add(till)
            db.session.flush()
            member = db.session.scalars(select(Membership).where(Membership.user_id == house.people[role])).one()
            house.tills[role], house.shifts[role] = till.id, open_shift(till, member, 0).id
            commit()


def found(app: Flask) -> Personas:
    """Found both organizations."""
    return Personas(app, _house("home"), _house("abroad"))
