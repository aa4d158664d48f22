"""Whose drawer money goes into: the open shift of whoever acts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select

from voelgoed.accounts.membership import Membership
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import PlainSQL, at_hand, current_scope, read_once
from voelgoed.foundation.web import Problem
from voelgoed.tills.shift import Shift

KEEP = PlainSQL(
    "tills.own_shift",
    "SELECT id, till_id FROM shift WHERE id = %(shift_id)s AND closed_at IS NULL FOR SHARE",
    apart=True,
)


@dataclass(frozen=True)
class Drawer:
    """An open shift, and the till whose drawer it has."""

    shift_id: UUID
    till_id: UUID


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


def no_open_shift() -> Problem:
    """Return the refusal of cash without a drawer."""
    return Problem(
        409, "no_open_shift", "You have no open shift",
        "Nothing was charged. Open a shift at a till first: cash goes into its drawer.",
    )  # fmt: skip


def need_own_shift() -> Shift:
    """Return the open shift of the acting person, kept open until this transaction ends.

    Whoever counts it waits for this transaction, and then finds what it did. Raises Problem 409 `no_open_shift`.
    """
    statement = _own()
    kept = None if statement is None else statement.with_for_update(read=True, of=Shift)
    found = None if kept is None else db.session.scalars(kept).one_or_none()
    if found is None:
        raise no_open_shift()
    return found


def kept_open(shift_id: UUID, till_id: UUID) -> Drawer:
    """Tell of a shift that this transaction has locked with something else, as `keep_drawer_open` does."""
    return read_once(("drawer", shift_id), lambda: Drawer(shift_id, till_id))


def keep_drawer_open(shift_id: UUID) -> Drawer | None:
    """Keep a shift from being closed until this transaction ends; None when it is closed already."""
    return read_once(("drawer", shift_id), lambda: _kept(shift_id))


def _kept(shift_id: UUID) -> Drawer | None:
    found = KEEP.first(shift_id=shift_id)
    return Drawer(found.id, found.till_id) if found else None


def till_of(shift_id: UUID) -> UUID:
    """Return the till of a shift, open or not; asks nothing of the database for one that is kept open here."""
    drawer = read_once(("drawer", shift_id), lambda: None)
    return drawer.till_id if drawer is not None else at_hand(Shift, shift_id).till_id


def keep_open(shift_id: UUID) -> Shift | None:
    """Keep a shift from being closed until this transaction ends; None when it is closed already."""
    statement = select(Shift).where(Shift.id == shift_id, Shift.closed_at.is_(None))
    return db.session.scalars(statement.with_for_update(read=True, key_share=False)).one_or_none()
