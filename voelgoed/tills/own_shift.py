"""Whose drawer money goes into: the open shift of whoever acts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, or_, select

from voelgoed.accounts.membership import Membership
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.web import Problem
from voelgoed.tills.shift import Shift


def own_shift() -> Shift | None:
    """Return the open shift of the acting person, or None."""
    statement = _own()
    return None if statement is None else db.session.scalars(statement).one_or_none()


def _own() -> Select[Shift] | None:
    who = current_scope().actor.id
    if who is None:
        return None
    return (
        select(Shift)
        .join(Membership, Membership.id == Shift.membership_id)
        .where(or_(Membership.user_id == who, Membership.id == who), Shift.closed_at.is_(None))
    )


def need_own_shift() -> Shift:
    """Return the open shift of the acting person, kept open until this transaction ends.

    Whoever counts it waits for this transaction, and then finds what it did. Raises Problem 409 `no_open_shift`.
    """
    statement = _own()
    kept = None if statement is None else statement.with_for_update(read=True, of=Shift)
    found = None if kept is None else db.session.scalars(kept).one_or_none()
    if found is None:
        raise Problem(
            409, "no_open_shift", "You have no open shift",
            "Nothing was charged. Open a shift at a till first: cash goes into its drawer.",
        )  # fmt: skip
    return found


def keep_open(shift_id: UUID) -> Shift | None:
    """Keep a shift from being closed until this transaction ends; None when it is closed already."""
    statement = select(Shift).where(Shift.id == shift_id, Shift.closed_at.is_(None))
    return db.session.scalars(statement.with_for_update(read=True, key_share=False)).one_or_none()
