"""Balances: what each account stands at, and what moved on it in any range of days.

A closed day cannot change, so its totals were kept when it closed (`DayTotal`); the days still open are summed from
their lines, account by account from one index that holds all that is needed. Totals of open days kept by a trigger
were rejected: every sale of an evening would queue for the same few rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Executable, Select, column, func, select, true, values

from voelgoed.foundation.database import db
from voelgoed.ledger.chart import Heading
from voelgoed.ledger.day_total import CREDITS, DEBITS, DayTotal
from voelgoed.ledger.entry import Account, ClosedDay, JournalEntry, JournalLine

Span = tuple[date, date]
FIRST, LAST = date(1900, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class Balance:
    """An account with the debits and the credits of its lines (both positive cents)."""

    account: Account
    debit_cents: int = 0
    credit_cents: int = 0

    @property
    def cents(self) -> int:
        """Return debits less credits: debit above 0, credit below."""
        return self.debit_cents - self.credit_cents


def balances(
    since: date | None = None, until: date | None = None, only: UUID | None = None, but: UUID | None = None
) -> Sequence[Balance]:
    """Return every account (or one) that moved from one trading day to another, both included, by code.

    `but` is a shift whose entries are left out.
    """
    first, last = since or FIRST, until or LAST
    closed = set(db.session.scalars(select(ClosedDay.day).where(ClosedDay.day.between(first, last))))
    sums: dict[UUID, tuple[int, int]] = {}
    for account_id, debit, credit in (*_rows(first, last, closed, only), *_of_shift(first, last, only, but)):
        before = sums.get(account_id, (0, 0))
        sums[account_id] = (before[0] + debit, before[1] + credit)
    accounts = db.session.scalars(select(Account).order_by(Account.code, Account.currency, Account.id))
    return [Balance(one, *sums[one.id]) for one in accounts if any(sums.get(one.id, ()))]


def _rows(first: date, last: date, closed: set[date], only: UUID | None) -> Iterator[tuple[UUID, int, int]]:
    kept = select(DayTotal.account_id, func.sum(DayTotal.debit_cents), func.sum(DayTotal.credit_cents)).where(
        DayTotal.day.between(first, last)
    )
    statements: list[Executable] = []
    if closed:
        kept = kept.where(DayTotal.account_id == only) if only else kept
        statements.append(kept.group_by(DayTotal.account_id))
    spans = list(open_spans(first, last, closed))
    if spans:
        lines = _of_lines(spans)
        statements.append(lines.where(Account.id == only) if only else lines)
    for statement in statements:
        for account_id, debit, credit in db.session.execute(statement):
            if debit or credit:
                yield account_id, int(debit), int(credit)


def _of_shift(first: date, last: date, only: UUID | None, shift_id: UUID | None) -> Iterator[tuple[UUID, int, int]]:
    """Return what a shift moved, to be taken off: below 0."""
    if shift_id is None:
        return
    statement = (
        select(JournalLine.account_id, -DEBITS, -CREDITS)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalEntry.shift_id == shift_id, JournalLine.trading_day.between(first, last))
        .group_by(JournalLine.account_id)
    )
    for account_id, debit, credit in db.session.execute(
        statement.where(JournalLine.account_id == only) if only else statement
    ):
        yield account_id, int(debit), int(credit)


def _of_lines(spans: Sequence[Span]) -> Select[Any, Any, Any]:
    """Select the sums of lines: each account's own stretches of the index are read, and nothing else."""
    span = values(column("first", Date), column("last", Date), name="span").data(list(spans))
    between = JournalLine.trading_day.between(span.c.first, span.c.last)
    side = select(DEBITS.label("debit"), CREDITS.label("credit")).where(JournalLine.account_id == Account.id, between)
    found = side.lateral("side")
    return (
        select(Account.id, func.sum(found.c.debit), func.sum(found.c.credit))
        .select_from(Account)
        .join(span, true())
        .join(found, true())
        .group_by(Account.id)
    )


def open_spans(first: date, last: date, closed: Iterable[date]) -> Iterator[Span]:
    """Return the stretches of days between two that are not closed."""
    start = first
    for day in sorted(closed):
        if start < day:
            yield start, day - timedelta(1)
        start = day + timedelta(1)
    if start <= last:
        yield start, last


def balance_of(heading: Heading, currency: str) -> int:
    """Return what one account stands at in cents; 0 while it has never been used."""
    own = Account.till_id == heading.till_id if heading.till_id else Account.till_id.is_(None)
    statement = (
        select(func.coalesce(func.sum(JournalLine.amount_cents), 0))
        .join(Account, Account.id == JournalLine.account_id)
        .where(Account.code == heading.code, Account.currency == currency, own)
    )
    return int(db.session.scalar(statement) or 0)
