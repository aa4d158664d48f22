"""Who is asking: found by cookie or bearer token, through finders that the packages above register."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import g, request

from voelgoed.foundation.tenancy import Actor
from voelgoed.foundation.web.problem import Problem

PUBLIC = "public"
"""Anybody may call it."""
SIGNED_IN = "signed in"
"""Any member of the organization (or, at the door, anybody who signed in)."""
SELF = "the view itself"
"""The view authenticates the bearer token in its own statement (scans: one read for everything)."""


@dataclass(frozen=True)
class Identity:
    """Somebody known: an organization, an actor, roles. Roles are read anew at each request."""

    organization_id: UUID
    slug: str
    organization: str
    actor: Actor
    roles: tuple[str, ...]
    timezone: str = "Africa/Johannesburg"
    membership_id: UUID | None = None
    sign_in_id: UUID | None = None
    device_id: UUID | None = None
    places: tuple[Any, ...] = field(default=())
    """The person's memberships (organization_id, slug, organization, name, roles), for switching."""

    def may(self, deed: str) -> bool:
        """Say whether one of the roles allows the deed, be it within a limit."""
        return any(_may(role, deed) for role in self.roles)

    def limited(self, deed: str) -> bool:
        """Say whether the deed is allowed only within the organization's limit."""
        return self.may(deed) and not any(_freely(role, deed) for role in self.roles)


@dataclass(frozen=True)
class Bearer:
    """A bearer token taken apart: which kind, which organization it claims, the SHA-256 of the whole."""

    kind: str
    organization_id: UUID
    secret_hash: bytes


Finder = Callable[[Bearer], Identity | None]
_bearers: dict[str, Finder] = {}
_permissions: list[tuple[Callable[[str, str], bool], Callable[[str, str], bool]]] = []


def find_bearers_by(kind: str, finder: Finder) -> None:
    """Register how tokens of a kind (`vgd_`, `vgu_`) are found inside their organization's scope."""
    _bearers[kind] = finder


def finder_of(kind: str) -> Finder | None:
    """Return the finder of a kind of token."""
    return _bearers.get(kind)


def permit_by(may: Callable[[str, str], bool], freely: Callable[[str, str], bool]) -> None:
    """Register the table of roles and deeds."""
    _permissions[:] = [(may, freely)]


def _may(role: str, deed: str) -> bool:
    return bool(_permissions) and _permissions[0][0](role, deed)


def _freely(role: str, deed: str) -> bool:
    return bool(_permissions) and _permissions[0][1](role, deed)


def identity() -> Identity:
    """Return who is asking; raises Problem 401 when nobody is known here."""
    found: Identity | None = g.get("identity")
    if found is None:
        raise Problem(401, "sign_in_first")
    return found


def make_token(kind: str, organization_id: UUID, secret: bytes) -> str:
    """Write a token: kind + base64url(organization ‖ 32 random bytes)."""
    return kind + base64.urlsafe_b64encode(organization_id.bytes + secret).decode().rstrip("=")


def hash_secret(secret: str) -> bytes:
    """Return the SHA-256 of a secret of 256 random bits, which is all that is stored of it."""
    return hashlib.sha256(secret.encode()).digest()


def bearer() -> Bearer:
    """Return the bearer token of the request; raises Problem 401 for none or a malformed one."""
    read: Bearer | None = g.get("bearer")
    return read or read_bearer(request.headers.get("Authorization", ""))


def read_bearer(header: str) -> Bearer:
    """Take the Authorization header apart; raises Problem 401."""
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() == "bearer" and token[:4] in ("vgd_", "vgu_") and token.isascii():
        with suppress(ValueError):
            raw = base64.b64decode(token[4:] + "=" * (-len(token[4:]) % 4), altchars=b"-_", validate=True)
            if len(raw) == 48:
                return Bearer(token[:4], UUID(bytes=raw[:16]), hash_secret(token))
    raise Problem(401, "unauthorized", "A bearer token is needed", headers={"WWW-Authenticate": "Bearer"})
