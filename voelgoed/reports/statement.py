"""One account's statement: its lines in order, each with the balance after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select, tuple_

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.ledger.balances import balances
from voelgoed.ledger.entry import Account, JournalEntry, JournalLine
from voelgoed.reports.journal import Days
from voelgoed.reports.own_drawer import lines_but
from voelgoed.reports.sheet import Column

PER_PAGE = 100
PER_CHUNK = 2000
COLUMNS = (
    Column("day", "day"), Column("time (UTC)", "moment"), Column("entry"), Column("kind"), Column("words"),
    Column("person"), Column("debit", "money"), Column("credit", "money"), Column("balance", "money"),
)  # fmt: skip
Key = tuple[date, UUID]


class StatementFilter(Days):
    """A range of days; `day` and `after` are the key after which the page begins."""

    day: date | None = Field(default=None, ge=date(2000, 1, 1), le=date(9000, 1, 1))
    after: UUID | None = None


@dataclass(frozen=True)
class Step:
    """A line with its entry, and what the account stands at after it (cents)."""

    line: JournalLine
    entry: JournalEntry
    balance: int


def standing_before(account: Account, day: date | None, after: UUID | None = None, but: UUID | None = None) -> int:
    """Return what an account stood at before a day, or after one of that day's lines."""
    if day is None:
        return 0
    before = sum(one.cents for one in balances(None, day - timedelta(1), account.id, but))
    if after is None:
        return before
    of_day = select(func.coalesce(func.sum(JournalLine.amount_cents), 0)).where(
        JournalLine.account_id == account.id, JournalLine.trading_day == day, JournalLine.id <= after,
        *([lines_but(but)] if but else ()),
    )  # fmt: skip
    return before + int(db.session.scalar(of_day) or 0)


def opening_of(account: Account, asked: StatementFilter, but: UUID | None = None) -> int:
    """Return what the account stood at where the page begins."""
    if asked.day and asked.after:
        return standing_before(account, asked.day, asked.after, but)
    return standing_before(account, asked.since, but=but)


def steps_of(account: Account, asked: StatementFilter, limit: int, but: UUID | None = None) -> list[Step]:
    """Return so many lines from the key on, oldest first, with the balance after each; without one shift's."""
    found = children(account, JournalLine).filter(lines_but(but)) if but else children(account, JournalLine)
    if asked.since:
        found = found.filter(JournalLine.trading_day >= asked.since)
    if asked.until:
        found = found.filter(JournalLine.trading_day <= asked.until)
    if asked.day and asked.after:
        found = found.filter(tuple_(JournalLine.trading_day, JournalLine.id) > (asked.day, asked.after))
    lines = found.order_by(JournalLine.trading_day, JournalLine.id).limit(limit).all()
    entries = _entries(lines)
    balance, steps = opening_of(account, asked, but), []
    for line in lines:
        balance += line.amount_cents
        steps.append(Step(line, entries[line.entry_id], balance))
    return steps


def _entries(lines: Sequence[JournalLine]) -> dict[UUID, JournalEntry]:
    wanted = {line.entry_id for line in lines}
    return {one.id: one for one in db.session.scalars(select(JournalEntry).where(JournalEntry.id.in_(wanted)))}


def rows_of(account: Account, asked: StatementFilter, but: UUID | None = None) -> Iterator[list[tuple[Any, ...]]]:
    """Return a whole statement as rows of a file, some lines at a step."""
    going = asked.model_copy(update={"day": None, "after": None})
    while True:
        steps = steps_of(account, going, PER_CHUNK, but)
        if not steps:
            return
        last = steps[-1].line
        going = going.model_copy(update={"day": last.trading_day, "after": last.id})
        written = [_row(one) for one in steps]
        db.session.expunge_all()
        yield written


def _row(step: Step) -> tuple[Any, ...]:
    entry, cents = step.entry, step.line.amount_cents
    return (
        entry.trading_day, entry.occurred_at, entry.id, entry.kind.replace("_", " "), entry.words, entry.actor,
        cents if cents > 0 else None, -cents if cents < 0 else None, step.balance,
    )  # fmt: skip
