"""What each account moved on a closed day: kept when the day closes, because from then on it cannot change."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Mapped

from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, calendar_day, cents, refers
from voelgoed.ledger.entry import JournalLine


class DayTotal(
    Resource,
    append_only="a closed day's totals never change",
    unique=(("day", "account_id"),),
    checks={"sides_not_negative": "debit_cents >= 0 AND credit_cents >= 0"},
):
    """The debits and the credits (both positive cents) of one account on one closed day.

    There are none for open days: sales would queue for the one row of their account. Those are summed from the lines.
    """

    day: Mapped[date] = calendar_day()
    account_id: Mapped[UUID] = refers("account")
    debit_cents: Mapped[int] = cents()
    credit_cents: Mapped[int] = cents()


DEBITS = func.coalesce(func.sum(JournalLine.amount_cents).filter(JournalLine.amount_cents > 0), 0)
CREDITS = func.coalesce(-func.sum(JournalLine.amount_cents).filter(JournalLine.amount_cents < 0), 0)


def keep_totals(day: date) -> None:
    """Write the totals of a day that has just been closed, in the same transaction."""
    summed = select(JournalLine.account_id, DEBITS, CREDITS).where(JournalLine.trading_day == day)
    found = db.session.execute(summed.group_by(JournalLine.account_id)).all()
    totals = [
        {"day": day, "account_id": account_id, "debit_cents": int(debit), "credit_cents": int(credit)}
        for account_id, debit, credit in sorted(found)
    ]
    if totals:
        db.session.execute(insert(DayTotal), totals)
