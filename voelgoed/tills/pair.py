"""Pairing a till: ten characters for ten minutes, five tries, one use."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.web.short_code import hashed, normal, word
from voelgoed.tills.till import Till, TillPairing

LIFE = timedelta(minutes=10)
MOST_TRIES = 5


def make_till_code(till: Till) -> tuple[TillPairing, str]:
    """Make a code for a till; returns the row and `SSSS-CCCCCC`, which is kept nowhere. Older codes end."""
    open_ones = update(TillPairing).where(TillPairing.till_id == till.id, TillPairing.used_at.is_(None))
    db.session.execute(open_ones.values(used_at=now()))
    selector, secret = word(4), word(6)
    while db.session.scalar(select(TillPairing.id).where(TillPairing.selector == selector)):
        selector = word(4)
    row = TillPairing(till_id=till.id, selector=selector, secret_hash=hashed(secret), expires_at=now() + LIFE)
    db.session.add(row)
    db.session.flush()
    return row, f"{selector}-{secret}"


def use_till_code(typed: str) -> Till | None:
    """Count one try and use the code up if it fits; returns its till, or None for any failure.

    Both are conditional updates: five tries at once are five, and of two browsers with one code one becomes the till.
    """
    apart = normal(typed)
    if apart is None:
        return None
    open_one = (TillPairing.used_at.is_(None), TillPairing.expires_at > now())
    counted = (
        update(TillPairing)
        .where(TillPairing.selector == apart[0], TillPairing.tries < MOST_TRIES, *open_one)
        .values(tries=TillPairing.tries + 1)
        .returning(TillPairing.id, TillPairing.secret_hash, TillPairing.till_id)
    )
    found = db.session.execute(counted).one_or_none()
    if found is None or not secrets.compare_digest(found.secret_hash, hashed(apart[1])):
        return None
    used = update(TillPairing).where(TillPairing.id == found.id, *open_one).values(used_at=now())
    if db.session.scalar(used.returning(TillPairing.id)) is None:
        return None
    return db.session.scalars(select(Till).where(Till.id == found.till_id)).one_or_none()
