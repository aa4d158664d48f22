"""Who stands at a till: signed in there by PIN or by e-mail, locked after five idle minutes."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, NoReturn

from flask import abort, current_app, g, redirect, request, session, url_for
from sqlalchemy import select, update

from voelgoed.accounts import sign_in as signing
from voelgoed.accounts.membership import Membership
from voelgoed.accounts.visitor import COOKIE_KEY, organization_of
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import Actor, current_scope, scope
from voelgoed.foundation.tenancy.announce import announce_again
from voelgoed.foundation.web import PUBLIC, Identity, Problem
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.foundation.web.problem import wants_json
from voelgoed.tills.browser import find_till, till_secret
from voelgoed.tills.pin import works_now
from voelgoed.tills.till import Till, TillSignIn

KEY = "at_till"
STANDS = "stands_at"
"""In the signed session of an e-mail sign-in: the organizations (slugs) at whose tills it stands."""
IDLE = timedelta(minutes=5)
SEEN_AGAIN = timedelta(seconds=30)
"""How old the last sign of life may be before the next one is written down."""
LOCKED = ("till_locked", "This till is locked", "boxoffice.locked")
LOOKS = Actor("anonymous", None, "somebody at a till")


def who_stands(slug: str, organization: Any, by_email: Identity | None = None) -> Identity | None:
    """Return who signed in at this till, if they may work now; whoever is locked is sent to unlock first."""
    g.at_a_till = False  # what the layout asks
    if by_email is not None:
        return _by_email(slug, by_email)
    secret = session.get(KEY)
    if secret is None:
        if till_secret(slug):
            _send_to_sign_in(slug, organization)
        return None
    with scope(organization.id, LOOKS, request=g.get("request_id")):
        found = find_sign_in(secret)
        if found is None:
            return None
        stand, member, _till = found
        if is_locked(stand):
            _turn_away(*LOCKED, slug)
            return None
        _refuse_other_events(member)
        known = Identity(
            organization_id=organization.id, slug=slug, organization=organization.name, actor=member.actor,
            roles=roles_at_a_till(member), timezone=organization.timezone, membership_id=member.id,
        )  # fmt: skip
        _see(stand)
        g.at_a_till = True
        return known


def _by_email(slug: str, known: Identity) -> Identity | None:
    """Return who signed in by e-mail, unless this browser is a till and nobody has touched it for five minutes."""
    if (locked := _locked_at(but=slug)) is not None:
        _turn_away(*LOCKED, locked)
        return None
    secret = till_secret(slug)
    if secret is None:
        return known
    with scope(known.organization_id, known.actor, request=g.get("request_id")):
        till = find_till(secret)
        if till is None:
            return known
        stand = _stand_of(till, known)
        if slug not in (standing_at := session.get(STANDS, [])):
            session[STANDS] = [*standing_at, slug]
        if is_locked(stand):
            _turn_away(*LOCKED, slug)
            return None
        _see(stand)
        g.at_a_till = True
        return known


def refuse_locked() -> None:
    """Send whoever signed in by e-mail and locked a till with this browser to unlock it, from no organization's page.

    Who walks up to a locked till is not that person: not at their account, nor in another organization.
    """
    if (slug := _locked_at()) is not None:
        _send(*LOCKED, slug)


def _locked_at(but: str | None = None) -> str | None:
    """Return the organization (slug) at whose till this browser is locked; a deed elsewhere is a sign of life there.

    `but`: the caller looks there itself, by the browser's cookie, if it still has one.
    """
    standing_at = [slug for slug in session.get(STANDS, ()) if slug != but or till_secret(slug) is None]
    return next((slug for slug in standing_at if _is_locked_at(slug)), None)


def _is_locked_at(slug: str) -> bool:
    organization = organization_of(slug)
    if organization is None:
        return False
    with scope(organization.id, LOOKS, request=g.get("request_id")):
        found = find_sign_in(held_secret())
        if found is None or is_locked(found[0]):
            return found is not None
        act_as(found[1])
        _see(found[0])
        return False


def _stand_of(till: Till, known: Identity) -> TillSignIn:
    """Return the row by which a sign-in by e-mail stands at a till; it begins when they come to it."""
    mine = hash_secret(session[COOKIE_KEY])
    stand = db.session.scalars(select(TillSignIn).where(TillSignIn.secret_hash == mine)).one_or_none()
    if stand is None:
        _end_others(till)
        stand = TillSignIn(till_id=till.id, membership_id=known.membership_id, secret_hash=mine, seen_at=now())
        db.session.add(stand)
        commit()
    return stand


def _refuse_other_events(member: Membership) -> None:
    """Refuse the pages of an event that day staff are not named for: they neither see nor sell it."""
    event_id = (request.view_args or {}).get("event_id")
    if event_id is not None and not works_now(member, event_id):
        raise Problem(403, "not_your_event", "You are not named for this event",
                      "Nothing was changed. A manager names day staff for events and days.")  # fmt: skip


def held_secret() -> str:
    """Return the secret by which a visitor stands at a till: that of the PIN's sign-in, else of the e-mail's."""
    return str(session.get(KEY) or session.get(COOKIE_KEY) or "")


def find_sign_in(secret: str) -> tuple[TillSignIn, Membership, Till] | None:
    """Return the open sign-in of a secret with its person and till, unless they left or have no work now."""
    statement = (
        select(TillSignIn, Membership, Till)
        .join(Membership, Membership.id == TillSignIn.membership_id)
        .join(Till, Till.id == TillSignIn.till_id)
        .where(TillSignIn.secret_hash == hash_secret(secret), TillSignIn.ended_at.is_(None))
        .where(Membership.left_at.is_(None), Till.token_hash.is_not(None))
    )
    found = db.session.execute(statement).one_or_none()
    return (found[0], found[1], found[2]) if found is not None and works_now(found[1]) else None


def roles_at_a_till(member: Membership) -> tuple[str, ...]:
    """Return the roles that six digits open: an owner's are a manager's there."""
    return tuple(dict.fromkeys("manager" if role == "owner" else role for role in member.roles))


def is_locked(stand: TillSignIn) -> bool:
    """Say whether somebody must give the PIN again: locked by hand, or idle for five minutes."""
    return stand.locked_at is not None or stand.seen_at <= now() - IDLE


def _see(stand: TillSignIn) -> None:
    """Remember a sign of life, whatever becomes of the request: a deed or a page that somebody opened, never a poll."""
    opened = request.headers.get("Sec-Fetch-Mode") == "navigate"
    if (request.method != "GET" or opened) and stand.seen_at <= now() - SEEN_AGAIN:
        stand.seen_at = now()
        commit()


def stand_at(till: Till, member: Membership) -> None:
    """Sign somebody in at this browser's till; whoever stood there before is signed out."""
    _end_others(till)
    secret = secrets.token_urlsafe(32)
    signing.end()
    act_as(member)
    db.session.add(TillSignIn(till_id=till.id, membership_id=member.id, secret_hash=hash_secret(secret), seen_at=now()))
    session[KEY] = secret
    session.permanent = True
    db.session.flush()


def _end_others(till: Till) -> None:
    open_ones = update(TillSignIn).where(TillSignIn.till_id == till.id, TillSignIn.ended_at.is_(None))
    db.session.execute(open_ones.values(ended_at=now()))


def act_as(member: Membership) -> None:
    """From here on the trail names a member: the page began before anybody was known."""
    current_scope().actor = member.actor
    announce_again()


def _send_to_sign_in(slug: str, organization: Any) -> None:
    with scope(organization.id, LOOKS):
        till = find_till(till_secret(slug) or "")
    if till is not None:
        _turn_away("sign_in_first", "Sign in at this till", "boxoffice.stand", slug)


def _turn_away(word: str, title: str, endpoint: str, slug: str) -> None:
    """Send the visitor of a page that is not public to another one; programs are told."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "allow", PUBLIC) != PUBLIC:
        _send(word, title, endpoint, slug)


def _send(word: str, title: str, endpoint: str, slug: str) -> NoReturn:
    if wants_json() or request.headers.get("HX-Request"):
        raise Problem(401, word, title, "Nothing was lost.", unlock=url_for(endpoint, slug=slug))
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    abort(redirect(url_for(endpoint, slug=slug, next=here), 303))
