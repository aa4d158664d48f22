"""Takings: what each gateway brought and gave back on each trading day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.ledger.chart import CASH, GATEWAYS
from voelgoed.ledger.entry import Account, JournalEntry, JournalLine
from voelgoed.reports.journal import Days
from voelgoed.reports.own_drawer import entries_but
from voelgoed.reports.sheet import Column, Row

COLUMNS = (
    Column("day", "day"), Column("gateway"), Column("currency"), Column("taken", "money"),
    Column("given back", "money"), Column("kept", "money"), Column("bookings", "number"),
)  # fmt: skip
NAMES = {CASH: "Cash", **{heading.code: gateway.capitalize() for gateway, heading in GATEWAYS.items()}}
KINDS = ("sale", "refund", "void", "reversal", "exchange", "payback")
"""Bookings by which customers' money comes and goes; floats, drops and settlements move it elsewhere."""
USUAL = timedelta(31)


@dataclass(frozen=True)
class Taking:
    """One gateway's trading day, in cents."""

    day: date
    gateway: str
    currency: str
    taken: int
    given: int
    bookings: int

    @property
    def kept(self) -> int:
        """Return what came less what went."""
        return self.taken - self.given


def usual(asked: Days) -> Days:
    """Return the range, or the last month where none was asked for."""
    if asked.since or asked.until:
        return asked
    return asked.model_copy(update={"since": (now() - USUAL).date()})


def takings(asked: Days, but: UUID | None = None) -> list[Taking]:
    """Return the takings of a range, newest day first, without those of one shift."""
    moved = JournalLine.amount_cents
    statement = (
        select(
            JournalLine.trading_day, Account.code, Account.currency,
            func.coalesce(func.sum(moved).filter(moved > 0), 0), func.coalesce(-func.sum(moved).filter(moved < 0), 0),
            func.count(JournalLine.id),
        )
        .join(Account, Account.id == JournalLine.account_id)
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(Account.code.in_(NAMES), JournalEntry.kind.in_(KINDS), *([entries_but(but)] if but else ()))
        .group_by(JournalLine.trading_day, Account.code, Account.currency)
        .order_by(JournalLine.trading_day.desc(), Account.code, Account.currency)
    )  # fmt: skip
    if asked.since:
        statement = statement.where(JournalLine.trading_day >= asked.since)
    if asked.until:
        statement = statement.where(JournalLine.trading_day <= asked.until)
    return [
        Taking(day, NAMES[code], currency, int(taken), int(given), int(count))
        for day, code, currency, taken, given, count in db.session.execute(statement)
    ]


def sums(found: Sequence[Taking]) -> list[tuple[str, str, int, int]]:
    """Add up by gateway and currency: (gateway, currency, taken, given back)."""
    keys = sorted({(one.gateway, one.currency) for one in found})
    return [
        (*key, sum(one.taken for one in own), sum(one.given for one in own))
        for key in keys
        if (own := [one for one in found if (one.gateway, one.currency) == key])
    ]


def rows_of(found: Sequence[Taking]) -> list[Row]:
    """Return takings as rows of a file."""
    return [(one.day, one.gateway, one.currency, one.taken, one.given, one.kept, one.bookings) for one in found]
