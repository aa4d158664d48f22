"""API tokens: made once, stored hashed, found by the bearer of one."""

from __future__ import annotations

import secrets

from voelgoed.accounts.membership import ApiToken, Membership
from voelgoed.accounts.roles import within
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, PlainSQL
from voelgoed.foundation.web.identity import Bearer, Identity, hash_secret, make_token

KIND = "vgu_"


def make(member: Membership, label: str, role: str) -> tuple[ApiToken, str]:
    """Make a token of a member; returns its row and the token, which is shown once."""
    token = make_token(KIND, member.organization_id, secrets.token_bytes(32))
    made = ApiToken(membership_id=member.id, label=label, role=role, secret_hash=hash_secret(token))
    db.session.add(made)
    return made, token


FIND = PlainSQL(
    "accounts.api_token",
    """
    SELECT t.role, t.label, m.id, m.user_id, m.name, m.roles, g.id AS organization_id, g.slug, g.name AS organization,
           g.timezone
      FROM api_token t
      JOIN membership m ON m.organization_id = t.organization_id AND m.id = t.membership_id
      JOIN organization g ON g.id = t.organization_id
     WHERE t.secret_hash = %(secret_hash)s AND t.revoked_at IS NULL AND m.left_at IS NULL AND g.suspended_at IS NULL
    """,
    apart=True,
)


def identity_of(bearer: Bearer) -> Identity | None:
    """Return who a token speaks for: its maker, as long as they belong here and may still do what it carries."""
    found = FIND.first(secret_hash=bearer.secret_hash)
    if found is None or not within(found.role, tuple(found.roles)):
        return None
    return Identity(
        organization_id=found.organization_id, slug=found.slug, organization=found.organization,
        actor=Actor("user", found.user_id or found.id, f"{found.name} ({found.label})"), roles=(found.role,),
        timezone=found.timezone, membership_id=found.id,
    )  # fmt: skip
