"""API tokens: made once, stored hashed, found by the bearer of one."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from voelgoed.accounts.membership import ApiToken, Membership
from voelgoed.accounts.roles import within
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web.identity import Bearer, Identity, hash_secret, make_token

KIND = "vgu_"


def make(member: Membership, label: str, role: str) -> tuple[ApiToken, str]:
    """Make a token of a member; returns its row and the token, which is shown once."""
    token = make_token(KIND, member.organization_id, secrets.token_bytes(32))
    made = ApiToken(membership_id=member.id, label=label, role=role, secret_hash=hash_secret(token))
    db.session.add(made)
    return made, token


def identity_of(bearer: Bearer) -> Identity | None:
    """Return who a token speaks for: its maker, as long as they belong here and may still do what it carries."""
    found = db.session.execute(
        select(ApiToken, Membership, Organization)
        .join(Membership, Membership.id == ApiToken.membership_id)
        .join(Organization, Organization.id == ApiToken.organization_id)
        .where(ApiToken.secret_hash == bearer.secret_hash, ApiToken.revoked_at.is_(None), Membership.left_at.is_(None))
    ).first()
    if found is None:
        return None
    token, member, organization = found
    if organization.suspended_at or not within(token.role, tuple(member.roles)):
        return None
    return Identity(
        organization_id=organization.id, slug=organization.slug, organization=organization.name,
        actor=Actor("user", member.user_id or member.id, f"{member.name} ({token.label})"), roles=(token.role,),
        timezone=organization.timezone, membership_id=member.id,
    )  # fmt: skip
