"""What whoever stands at a drawer does not see before they have counted it: what its account stands at."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from voelgoed.foundation.database import db
from voelgoed.foundation.web import Problem
from voelgoed.ledger.entry import Account
from voelgoed.tills.own_shift import own_shift


def uncounted() -> frozenset[UUID]:
    """Return the accounts of the visitor's own open drawer."""
    shift = own_shift()
    if shift is None:
        return frozenset()
    return frozenset(db.session.scalars(select(Account.id).where(Account.till_id == shift.till_id)))


def refuse_uncounted(account: Account) -> None:
    """Raise Problem 409 `not_counted` for the account of one's own open drawer."""
    if account.id in uncounted():
        raise Problem(409, "not_counted", "Your drawer is counted blind",
                      "Its account can be looked into once you have counted it, or by somebody else.")  # fmt: skip
