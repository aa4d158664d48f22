"""Founding an organization: a link that works once makes it, and its owner."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from voelgoed.accounts.password import fits, hash_password
from voelgoed.config import Config
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import Actor, door
from voelgoed.foundation.web.identity import hash_secret

HOURS = 72
OPERATOR = Actor("system", None, "operator")


@dataclass(frozen=True)
class Founding:
    """What the first owner says: of the organization, and of themselves."""

    slug: str
    name: str
    owner: str
    email: str
    password: str


class OtherPassword(Exception):
    """The e-mail address is known, and the password is not its."""


class NotFounded(Exception):
    """The link was used or is too old, or the short name is taken."""


def new_link(config: Config) -> str:
    """Make a link that founds one organization; the secret is its fragment, so that no server's log holds it."""
    secret = secrets.token_urlsafe(32)
    with door(OPERATOR) as opened:
        opened.call("make_first_owner_link", id=uuid7(), secret_hash=hash_secret(secret), hours=HOURS)
    return f"{config.public_url}/-/first-owner#{secret}"


def first_owner_link(config: Config) -> str | None:
    """Make a link while there is no organization yet; None once there is one."""
    with door(OPERATOR) as opened:
        founded = opened.call("organizations")
    return None if founded else new_link(config)


def is_open(secret: str) -> bool:
    """Say whether a link can still be used."""
    with door() as opened:
        return bool(opened.one("first_owner_link_is_open", secret_hash=hash_secret(secret))[0])


def found(secret: str, asked: Founding) -> UUID:
    """Found the organization with its owner, whose id is returned; all of it or nothing.

    Raises OtherPassword or NotFounded.
    """
    actor = Actor("anonymous", None, asked.owner)
    made = uuid7()
    password_hash = hash_password(asked.password)
    with door(actor) as opened:
        known = opened.one("try_sign_in", email=asked.email)
        if known is not None and not fits(known.password_hash, asked.password):
            raise OtherPassword
        owner = known.user_id if known else made
        if known is None:
            opened.call("create_user", id=made, email=asked.email, password_hash=password_hash)
        founded = opened.one(
            "found_organization", secret_hash=hash_secret(secret), organization_id=uuid7(), slug=asked.slug,
            name=asked.name, membership_id=uuid7(), user_id=owner, owner_name=asked.owner,
        )  # fmt: skip
        if founded is None or founded[0] is None:
            raise NotFounded
    return UUID(str(owner))
