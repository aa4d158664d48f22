"""Signing in and out: a secret in the cookie, its hash in a row that anybody entitled can end."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from flask import g, request, session

from voelgoed.accounts.password import fits
from voelgoed.accounts.visitor import COOKIE_KEY, SignedIn, signed_in
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import Actor, door
from voelgoed.foundation.web import Problem
from voelgoed.foundation.web.identity import hash_secret

HOURS = 24 * 14
MOST_PER_EMAIL, MOST_PER_ADDRESS, WINDOW_SECONDS = 10, 100, 600


def known_person(email: str, password: str) -> UUID | None:
    """Return whose e-mail and password these are; raises Problem 429 after too many tries (rows: they fail closed)."""
    email = email.strip().lower()
    with door() as opened:
        limits = {f"sign-in:{email}"[:200]: MOST_PER_EMAIL, f"sign-in-from:{request.remote_addr}": MOST_PER_ADDRESS}
        tries = [
            opened.one("count_attempt", key=key, most=most, seconds=WINDOW_SECONDS)[0] for key, most in limits.items()
        ]
        found = opened.one("try_sign_in", email=email)
    if not all(tries):
        raise Problem(429, "too_many_tries", detail="Wait ten minutes, then try again.", headers={"Retry-After": "600"})
    if not fits(found.password_hash if found else None, password):
        return None
    with door() as opened:
        opened.call("forget_attempts", key=f"sign-in:{email}"[:200])
    return UUID(str(found.user_id))


def begin(user_id: UUID, email: str) -> None:
    """Open a sign-in for this browser: a fresh secret, whatever the cookie held before."""
    end()
    secret = secrets.token_urlsafe(32)
    with door(Actor("user", user_id, email)) as opened:
        opened.call(
            "open_sign_in",
            id=uuid7(),
            user_id=user_id,
            secret_hash=hash_secret(secret),
            label=_browser(request.headers.get("User-Agent", "")),
            hours=HOURS,
        )
    session.clear()
    session[COOKIE_KEY] = secret
    session.permanent = True
    g.pop("signed_in", None)


def end() -> None:
    """End this browser's sign-in, if it has one."""
    person = signed_in()
    if person is not None:
        end_one(person, person.sign_in_id)
    session.clear()
    g.pop("signed_in", None)


def end_one(person: SignedIn, sign_in_id: UUID) -> bool:
    """End one of a person's own sign-ins; says whether there was one."""
    with door(Actor("user", person.user_id, person.email)) as opened:
        return bool(opened.one("end_sign_in", user_id=person.user_id, sign_in_id=sign_in_id)[0])


def end_others(person: SignedIn) -> int:
    """End all sign-ins of a person but this one; returns how many."""
    with door(Actor("user", person.user_id, person.email)) as opened:
        return int(opened.one("end_other_sign_ins", user_id=person.user_id, keep=person.sign_in_id)[0])


def sign_ins_of(person: SignedIn) -> list[Any]:
    """Return the person's open sign-ins: id, label, created_at, seen_at."""
    with door() as opened:
        return opened.call("sign_ins_of", user_id=person.user_id)


def _browser(agent: str) -> str:
    """Say a browser in two words: Chrome on Android."""
    browsers = (
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
               ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browser = next((word for mark, word in browsers if mark in agent), "A browser")
    system = next((word for mark, word in systems if mark in agent), "")
    return f"{browser} on {system}" if system else browser
