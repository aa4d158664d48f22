"""Accounts, and entries that balance; appended, never changed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import (
    Invariant,
    Resource,
    calendar_day,
    cents,
    choice,
    identifier,
    moment,
    refers,
    related,
    text,
)

BALANCED = Invariant(
    "balanced_entry",
    "debits equal credits for every entry and currency",
    Path(__file__).with_name("balanced.sql"),
)

PERIOD_OPEN = Invariant(
    "period_open", "nothing is posted into a closed trading day", Path(__file__).with_name("period_open.sql")
)
KINDS = (
    "sale", "refund", "void", "reversal", "exchange", "payback", "float", "drop", "variance", "write_off",
    "settlement", "manual",
)  # fmt: skip


class Account(
    Resource,
    unique_where={
        ("code", "currency"): "till_id IS NULL",
        ("code", "currency", "till_id"): "till_id IS NOT NULL",
    },
):
    """A heading of the ledger (`chart.py` lists them); one that names a till is that drawer's own."""

    till_id: Mapped[UUID | None] = refers("till", nullable=True)
    code: Mapped[str] = text(20)
    name: Mapped[str] = text(120)
    kind: Mapped[str] = choice("asset", "liability", "income", "expense")
    currency: Mapped[str] = text(3)


class JournalEntry(
    Resource,
    append_only="an entry is never changed: a correction is a new entry that names it",
    invariants=(PERIOD_OPEN,),
    unique_where={("reverses_id",): "reverses_id IS NOT NULL"},
    indexes=(("source_kind", "source_id"), ("trading_day", "id")),
):
    """One booking: when, on which trading day, because of what (by kind and id, without a foreign key)."""

    kind: Mapped[str] = choice(*KINDS)
    source_kind: Mapped[str] = text(40)
    source_id: Mapped[UUID] = identifier(nullable=False)
    occurred_at: Mapped[datetime] = moment()
    trading_day: Mapped[date] = calendar_day()
    words: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    shift_id: Mapped[UUID | None] = refers("shift", nullable=True)
    reverses_id: Mapped[UUID | None] = refers("journal_entry", nullable=True)


class JournalLine(
    Resource,
    append_only="its entry names who booked it and when",
    invariants=(BALANCED,),
    indexes=(("account_id", "trading_day", "id", "amount_cents"),),
    checks={"some_amount": "amount_cents <> 0"},
):
    """One side of an entry: positive is debit, negative is credit, in cents.

    `trading_day` is its entry's (the trigger compares them): an account's statement and all balances are read from
    one index, without the entries.
    """

    entry_id: Mapped[UUID] = refers("journal_entry")
    account_id: Mapped[UUID] = refers("account", indexed=False)
    trading_day: Mapped[date] = calendar_day()
    amount_cents: Mapped[int] = cents()
    currency: Mapped[str] = text(3)
    entry: Mapped[JournalEntry] = related("entry_id", "JournalEntry")
    account: Mapped[Account] = related("account_id", "Account")


class ClosedDay(Resource, append_only="a closed day stays closed", unique=(("day",),)):
    """A trading day into which nothing is posted any more: later corrections go to the day on which they are made."""

    day: Mapped[date] = calendar_day()
    actor: Mapped[str] = text(400)
