"""The browser that is a till: a long-lived cookie whose secret is stored as a hash only."""

from __future__ import annotations

import secrets

from flask import Response, after_this_request, current_app, g, request
from sqlalchemy import select

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.tills.till import Till

LONG = 60 * 60 * 24 * 400  # seconds: browsers keep no cookie longer


def cookie_name(slug: str) -> str:
    """Return the name of an organization's cookie; under TLS browsers hold it to this host (`__Host-`)."""
    prefix = "__Host-" if current_app.config["SESSION_COOKIE_SECURE"] else ""
    return f"{prefix}voelgoed-till-{slug}"


def till_secret(slug: str) -> str | None:
    """Return the secret that this browser holds as a till of an organization."""
    return request.cookies.get(cookie_name(slug))


def till_here() -> Till | None:
    """Return the till that this browser is in the scope's organization, or None; outside a request too."""
    slug = (request.view_args or {}).get("slug") if request else None
    if slug is None:
        return None
    seen: tuple[object, Till | None] | None = g.get("till_here")
    if seen is None or seen[0] is not current_scope():
        secret = till_secret(slug)
        seen = g.till_here = (current_scope(), find_till(secret) if secret else None)
    return seen[1]


def find_till(secret: str) -> Till | None:
    """Return the till that a secret belongs to in the open scope."""
    return db.session.scalars(select(Till).where(Till.token_hash == hash_secret(secret))).one_or_none()


def make_this(till: Till, slug: str) -> None:
    """Make this browser the till, in place of any other that was; the cookie is set if the request succeeds."""
    secret = secrets.token_urlsafe(32)
    before = find_till(held) if (held := till_secret(slug)) else None
    if before is not None and before is not till:
        unpair(before)
        db.session.flush()
    till.token_hash, till.paired_at = hash_secret(secret), now()
    till.browser = (request.headers.get("User-Agent") or "unknown")[:200]
    db.session.flush()
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])

    @after_this_request
    def keep(response: Response) -> Response:
        if response.status_code < 400:
            response.set_cookie(
                cookie_name(slug), secret, max_age=LONG, secure=secure, httponly=True, samesite="Lax", path="/"
            )
        return response


def unpair(till: Till) -> None:
    """Make no browser this till: what its cookie says opens nothing from now on."""
    till.token_hash = till.paired_at = till.browser = None
