"""Who visits a page: the cookie's secret finds the sign-in, the slug finds the membership."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cachetools import TTLCache, cached
from flask import g, session

from voelgoed.foundation.tenancy import Actor, door
from voelgoed.foundation.web.identity import Identity, hash_secret

COOKIE_KEY = "sign_in"


@dataclass(frozen=True)
class SignedIn:
    """A person with an open sign-in; `places` are the memberships (organization_id, slug, organization, …)."""

    sign_in_id: UUID
    user_id: UUID
    email: str
    places: tuple[Any, ...]


def signed_in() -> SignedIn | None:
    """Return who signed in with this browser, asked once a request, so that ending a sign-in works at once."""
    if "signed_in" not in g:
        g.signed_in = _look_up(session.get(COOKIE_KEY))
    found: SignedIn | None = g.signed_in
    return found


def _look_up(secret: str | None) -> SignedIn | None:
    return person_of(hash_secret(secret)) if secret else None


def person_of(secret_hash: bytes) -> SignedIn | None:
    """Return the person of an open sign-in by the hash of its secret."""
    with door() as opened:
        row = opened.one("session_of", secret_hash=secret_hash)
        if row is None:
            return None
        return SignedIn(
            row.sign_in_id, row.user_id, row.email, tuple(opened.call("memberships_of", user_id=row.user_id))
        )


AtATill = Callable[[str, Any, Identity | None], Identity | None]
_at_a_till: list[AtATill] = []
_locks: list[Callable[[], None]] = []


def find_also_by(finder: AtATill, refuse_locked: Callable[[], None]) -> None:
    """Register who stands at a till: (slug, organization, who signed in by e-mail) → identity, or None.

    People without an e-mail sign-in are found by it; whoever has one is None while that till is locked. `refuse_locked`
    sends whoever locked any till with this browser to unlock it, for pages that belong to no organization.
    """
    _at_a_till[:], _locks[:] = [finder], [refuse_locked]


def signed_in_here() -> SignedIn | None:
    """Return who signed in with this browser, for a page at the door; a till that they locked is unlocked first."""
    person = signed_in()
    if person is not None:
        for refuse_locked in _locks:
            refuse_locked()
    return person


@cached(TTLCache(maxsize=10_000, ttl=5))
def organization_of(slug: str) -> Any:
    """Return (id, name, timezone) of a slug, or None; remembered for five seconds."""
    with door() as opened:
        return opened.one("organization_of", slug=slug)


def visitor(slug: str) -> tuple[Identity | None, bool]:
    """Find the visitor of an organization's page; also say whether anybody signed in at all."""
    person = signed_in()
    if person is None:
        return _standing(slug)
    place = next((one for one in person.places if one.slug == slug), None)
    organization = organization_of(slug) if place else None
    if place is None or organization is None:
        return None, True
    known = identity_of(person, place, organization.timezone)
    return (_at_a_till[0](slug, organization, known) if _at_a_till else known), True


def _standing(slug: str) -> tuple[Identity | None, bool]:
    organization = organization_of(slug) if _at_a_till else None
    found = _at_a_till[0](slug, organization, None) if organization else None
    return found, found is not None


def identity_of(person: SignedIn, place: Any, timezone: str) -> Identity:
    """Make the identity of a person in one of the places."""
    return Identity(
        organization_id=place.organization_id,
        slug=place.slug,
        organization=place.organization,
        actor=Actor("user", person.user_id, place.name),
        roles=tuple(place.roles),
        timezone=timezone,
        membership_id=place.membership_id,
        sign_in_id=person.sign_in_id,
        places=person.places,
    )
