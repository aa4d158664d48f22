"""What whoever stands at a drawer does not read before they have counted it: the bookings of that shift."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, select

from voelgoed.foundation.web import Problem
from voelgoed.ledger.entry import JournalEntry, JournalLine
from voelgoed.tills.own_shift import own_shift


def uncounted() -> UUID | None:
    """Return the visitor's own open shift: it is counted blind, so its entries are left out of all they read."""
    shift = own_shift()
    return None if shift is None else shift.id


def entries_but(shift_id: UUID) -> ColumnElement[bool]:
    """Select the entries of every shift but one, and those of none."""
    return JournalEntry.shift_id.is_distinct_from(shift_id)


def lines_but(shift_id: UUID) -> ColumnElement[bool]:
    """Select the lines of every shift's entries but one's."""
    return JournalLine.entry_id.not_in(select(JournalEntry.id).where(JournalEntry.shift_id == shift_id))


def refuse_uncounted(entry: JournalEntry) -> None:
    """Raise Problem 409 `not_counted` for an entry of one's own open drawer."""
    if entry.shift_id is not None and entry.shift_id == uncounted():
        raise not_counted("This booking")


def not_counted(what: str) -> Problem:
    """Return the refusal of what would tell a counter what to count."""
    return Problem(409, "not_counted", "Your drawer is counted blind",
                   f"{what} can be looked into once you have counted it, or by somebody else.")  # fmt: skip


def named(name: str, shift_id: UUID | None) -> str:
    """Return a file's name; it says when a drawer's bookings are left out."""
    return f"{name}-without-own-drawer" if shift_id else name
