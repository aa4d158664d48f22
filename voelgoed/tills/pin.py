"""PINs: six digits at a till, hashed (argon2id); five wrong ones lock for a quarter of an hour."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import and_, or_, select

from voelgoed.accounts.membership import Membership
from voelgoed.accounts.password import fits, hash_password
from voelgoed.catalog.event import Day
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, door
from voelgoed.foundation.web import Problem
from voelgoed.tills.till import StaffDay, StaffPin

MOST_TRIES = 5
LOCKED_SECONDS = 900
EARLY, LATE = timedelta(hours=12), timedelta(hours=12)
"""How long before the doors and after the end day staff may work: setting up, counting."""

Pin = Annotated[str, Field(pattern=r"^\d{6}$")]
"""Six digits."""


def new_pin() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def set_pin(member: Membership, pin: str) -> None:
    """Give a member a PIN, in place of any other; whoever was locked out may try again."""
    found = db.session.scalars(select(StaffPin).where(StaffPin.membership_id == member.id)).one_or_none()
    if found is None:
        db.session.add(StaffPin(membership_id=member.id, pin_hash=hash_password(pin)))
    else:
        found.pin_hash = hash_password(pin)
    db.session.flush()
    if member.staff_number:
        _forget(member.staff_number)


def member_by_pin(staff_number: str, pin: str) -> Membership | None:
    """Return whose staff number and PIN these are, if they may work now; None for any failure.

    The try is counted before anything is compared, by the door: it stays counted when the request is refused. Raises
    Problem 429 `pin_locked` after five wrong ones, known number or not.
    """
    with door() as opened:
        counted = opened.one("count_to_lock", key=_key(staff_number), most=MOST_TRIES, seconds=LOCKED_SECONDS)[0]
    if not counted:
        raise Problem(
            429, "pin_locked", "This PIN is locked",
            "Five wrong tries: it opens again after fifteen minutes, or when a manager gives a new PIN.",
            headers={"Retry-After": str(LOCKED_SECONDS)},
        )  # fmt: skip
    statement = (
        select(Membership, StaffPin.pin_hash)
        .join(StaffPin, StaffPin.membership_id == Membership.id)
        .where(Membership.staff_number == staff_number, Membership.left_at.is_(None))
    )
    found = db.session.execute(statement).one_or_none()
    if not fits(found[1] if found else None, pin) or found is None or not works_now(found[0]):
        return None
    _forget(staff_number)
    member: Membership = found[0]
    return member


def works_now(member: Membership, event_id: UUID | None = None) -> bool:
    """Say whether a member may work at a till now: always or, for day staff, on the days that they are named for.

    With an event: whether they are named for that one.
    """
    if member.user_id is not None:
        return True
    named = and_(StaffDay.event_id == Day.event_id, or_(StaffDay.day_id.is_(None), StaffDay.day_id == Day.id))
    on_now = select(StaffDay.id).join(Day, named).where(
        StaffDay.membership_id == member.id, Day.doors_at <= now() + EARLY, Day.ends_at > now() - LATE
    )  # fmt: skip
    if event_id is not None:
        on_now = on_now.where(StaffDay.event_id == event_id)
    return db.session.scalar(on_now.limit(1)) is not None


def _key(staff_number: str) -> str:
    return f"pin:{current_scope().organization_id}:{staff_number}"[:200]


def _forget(staff_number: str) -> None:
    with door() as opened:
        opened.call("forget_attempts", key=_key(staff_number))
