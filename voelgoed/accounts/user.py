"""A person who can sign in; known to all organizations, readable only through the door."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, binary, integer, moment, refers, text


class User(
    Resource,
    shared="one person may work for several organizers under one e-mail address",
    exclude=("password_hash",),
    redact=("email",),
    unique=(("email",),),
):
    """An e-mail address and a password (argon2id); names and roles live on the Membership."""

    email: Mapped[str] = text(254)
    password_hash: Mapped[str] = text(200)


class SignIn(
    Resource,
    shared="it is found before the organization is known",
    audit="minimal",
    exclude=("secret_hash", "seen_at"),
    unique=(("secret_hash",),),
):
    """One browser that signed in: a row, so that it can be ended from anywhere at once."""

    user_id: Mapped[UUID] = refers("user", shared=True)
    secret_hash: Mapped[bytes] = binary(nullable=False)
    label: Mapped[str] = text(200)
    expires_at: Mapped[datetime] = moment()
    seen_at: Mapped[datetime] = moment()
    ended_at: Mapped[datetime | None] = moment(nullable=True)


class AttemptCount(
    Resource,
    shared="limits for signing in and pairing are counted before anybody is known",
    unaudited="a counter of attempts, replaced by the minute",
    unique=(("key",),),
):
    """How often something was tried in its window; fails closed because it is a row."""

    key: Mapped[str] = text(200)
    tries: Mapped[int] = integer(default=0)
    window_ends_at: Mapped[datetime] = moment()


class FirstOwnerLink(
    Resource,
    shared="it makes the organization that it will belong to",
    audit="minimal",
    exclude=("secret_hash",),
    unique=(("secret_hash",),),
):
    """A one-time secret that founds an organization and its owner."""

    secret_hash: Mapped[bytes] = binary(nullable=False)
    expires_at: Mapped[datetime] = moment()
    used_at: Mapped[datetime | None] = moment(nullable=True)
