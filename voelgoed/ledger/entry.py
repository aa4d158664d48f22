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


class Account(
    Resource,
    unique_where={
        ("code", "currency"): "event_id IS NULL",
        ("code", "currency", "event_id"): "event_id IS NOT NULL",
    },
):
    """A heading of the ledger (`chart.py` lists them); one that names an event is that event's own."""

    event_id: Mapped[UUID | None] = refers("event", nullable=True)
    code: Mapped[str] = text(20)
    name: Mapped[str] = text(120)
    kind: Mapped[str] = choice("asset", "liability", "income", "expense")
    currency: Mapped[str] = text(3)


class JournalEntry(
    Resource,
    append_only="an entry is never changed: a correction is a new entry that names it",
    unique_where={("reverses_id",): "reverses_id IS NOT NULL"},
    indexes=(("source_kind", "source_id"),),
):
    """One booking: when, on which trading day, because of what (by kind and id, without a foreign key)."""

    kind: Mapped[str] = choice("sale", "refund", "void", "reversal")
    source_kind: Mapped[str] = text(40)
    source_id: Mapped[UUID] = identifier(nullable=False)
    occurred_at: Mapped[datetime] = moment()
    trading_day: Mapped[date] = calendar_day()
    words: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    reverses_id: Mapped[UUID | None] = refers("journal_entry", nullable=True)


class JournalLine(
    Resource,
    append_only="its entry names who booked it and when",
    invariants=(BALANCED,),
    checks={"some_amount": "amount_cents <> 0"},
):
    """One side of an entry: positive is debit, negative is credit, in cents."""

    entry_id: Mapped[UUID] = refers("journal_entry")
    account_id: Mapped[UUID] = refers("account")
    amount_cents: Mapped[int] = cents()
    currency: Mapped[str] = text(3)
    account: Mapped[Account] = related("account_id", "Account")
