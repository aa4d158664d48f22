"""Inviting a person by a link, and joining by it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from voelgoed.accounts.founding import OtherPassword
from voelgoed.accounts.membership import Invitation, Membership
from voelgoed.accounts.password import fits, hash_password
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import Actor, current_scope, door, rows
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.web.identity import hash_secret

GOOD_FOR = timedelta(days=7)


class Belongs(Exception):
    """The person belongs to the organization already."""


def invite(email: str, name: str, roles: list[str]) -> tuple[Invitation, str]:
    """Make an invitation; returns it with its secret, which is shown once and stored hashed."""
    secret = secrets.token_urlsafe(32)
    made = Invitation(
        email=email, name=name, roles=roles, secret_hash=hash_secret(secret), expires_at=now() + GOOD_FOR
    )  # fmt: skip
    db.session.add(made)
    return made, secret


def open_invitation(secret: str) -> Invitation | None:
    """Return the invitation of a link that can still be used, locked until the commit; else None."""
    found = rows(Invitation).filter_by(secret_hash=hash_secret(secret)).with_for_update().first()
    if found is None or found.accepted_at or found.withdrawn_at or found.expires_at <= now():
        return None
    return found


def join(invitation: Invitation, password: str | None, signed_in_as: UUID | None) -> UUID:
    """Make the membership; returns the user, who is known by a sign-in or by the password, or is made with it.

    Raises OtherPassword when the address is known and the password is not its, Belongs for a member.
    """
    user_id = signed_in_as or _user(invitation.email, password or "")
    scope = current_scope()
    scope.actor = Actor("user", user_id, invitation.name)
    announce_again()
    member = db.session.scalar(select(Membership).where(Membership.user_id == user_id))
    if member is not None and member.left_at is None:
        raise Belongs
    if member is None:
        db.session.add(Membership(user_id=user_id, name=invitation.name, roles=invitation.roles))
    else:
        member.name, member.roles, member.left_at = invitation.name, invitation.roles, None
    invitation.accepted_at = now()
    return user_id


def _user(email: str, password: str) -> UUID:
    with door() as opened:
        known = opened.one("try_sign_in", email=email)
    if known is not None:
        if not fits(known.password_hash, password):
            raise OtherPassword
        return UUID(str(known.user_id))
    made = uuid7()
    hashed = hash_password(password)
    with door(Actor("user", made, email)) as opened:
        opened.call("create_user", id=made, email=email, password_hash=hashed)
    return made
