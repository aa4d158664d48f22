"""Balances: what each account stands at, summed from its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from voelgoed.foundation.database import db
from voelgoed.ledger.chart import Heading
from voelgoed.ledger.entry import Account, JournalEntry, JournalLine


@dataclass(frozen=True)
class Balance:
    """An account and the sum of its lines in cents: debit above 0, credit below."""

    account: Account
    cents: int


def balances(on: date | None = None) -> Sequence[Balance]:
    """Return every account with its balance, or with its movement on one trading day, by code."""
    statement = (
        select(Account, func.coalesce(func.sum(JournalLine.amount_cents), 0))
        .join(JournalLine, JournalLine.account_id == Account.id)
        .group_by(Account.organization_id, Account.id)
        .order_by(Account.code, Account.currency, Account.id)
    )
    if on is not None:
        entry = JournalEntry.id == JournalLine.entry_id
        statement = statement.join(JournalEntry, entry).where(JournalEntry.trading_day == on)
    return [Balance(found, int(cents)) for found, cents in db.session.execute(statement)]


def balance_of(heading: Heading, currency: str) -> int:
    """Return what one account stands at in cents; 0 while it has never been used."""
    own = Account.till_id == heading.till_id if heading.till_id else Account.till_id.is_(None)
    statement = (
        select(func.coalesce(func.sum(JournalLine.amount_cents), 0))
        .join(Account, Account.id == JournalLine.account_id)
        .where(Account.code == heading.code, Account.currency == currency, own)
    )
    return int(db.session.scalar(statement) or 0)
