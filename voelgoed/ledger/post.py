"""Posting: the only writer of journal entries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource
from voelgoed.foundation.tenancy import PlainSQL, current_scope, read_once
from voelgoed.ledger.chart import Heading, accounts
from voelgoed.ledger.entry import JournalEntry, JournalLine
from voelgoed.ledger.period import open_day

Kind = Literal[
    "sale", "refund", "void", "reversal", "exchange", "payback", "float", "drop", "variance", "write_off",
    "settlement", "manual",
]  # fmt: skip


class Unbalanced(ValueError):
    """Debits and credits differ: nothing was posted."""


@dataclass(frozen=True)
class Line:
    """One side: positive cents are debit, negative are credit."""

    heading: Heading
    cents: int


def post(
    kind: Kind,
    source: Resource,
    lines: Iterable[Line],
    *,
    currency: str,
    timezone: str,
    words: str,
    at: datetime | None = None,
    shift_id: UUID | None = None,
    reverses: UUID | None = None,
) -> JournalEntry:
    """Book an entry because of `source`; raises Unbalanced unless debits equal credits and something moves.

    Lines under one heading become one, those of 0 cents vanish. `timezone` is the venue's: it says the trading
    day, which is the moment's own or, once that is closed, the first one after it that is open.
    `reverses` names the one entry that this one corrects.
    """
    booked = _together(lines)
    if not booked or sum(booked.values()) != 0:
        raise Unbalanced(f"{words}: {'nothing moves' if not booked else f'off by {sum(booked.values())} cents'}")
    moment = at or now()
    day = open_day(moment, timezone)
    entry = JournalEntry(
        kind=kind, source_kind=source.declaration.table, source_id=source.id, occurred_at=moment, words=words,
        trading_day=day, actor=current_scope().actor.label, shift_id=shift_id, reverses_id=reverses,
    )  # fmt: skip
    named = _accounts(booked, currency)
    db.session.add(entry)
    db.session.add_all(
        JournalLine(
            entry_id=entry.id, account_id=named[heading], trading_day=day, amount_cents=cents, currency=currency
        )
        for heading, cents in booked.items()
    )
    return entry


def _accounts(headings: Collection[Heading], currency: str) -> dict[Heading, UUID]:
    """Return heading → account, made now where this is its first use."""
    known = _known(currency)
    if not all((one.code, one.till_id) in known for one in headings):
        found = NAMED.all(codes=[one.code for one in headings], currency=currency)
        known |= {(row.code, row.till_id): row.id for row in found}
    if all((one.code, one.till_id) in known for one in headings):
        return {one: known[one.code, one.till_id] for one in headings}
    return {heading: account.id for heading, account in accounts(headings, currency).items()}


def know_accounts(currency: str, found: dict[tuple[str, UUID | None], UUID]) -> None:
    """Tell of accounts that this transaction has read, by code and till: posting need not ask for them."""
    _known(currency).update(found)


def _known(currency: str) -> dict[tuple[str, UUID | None], UUID]:
    return read_once(("accounts", currency), dict)


NAMED = PlainSQL(
    "ledger.post",
    "SELECT id, code, till_id FROM account WHERE code = ANY (%(codes)s::text[]) AND currency = %(currency)s",
    apart=True,
)


def _together(lines: Iterable[Line]) -> dict[Heading, int]:
    sums: dict[Heading, int] = {}
    for line in lines:
        sums[line.heading] = sums.get(line.heading, 0) + line.cents
    return {heading: cents for heading, cents in sorted(sums.items(), key=lambda one: one[0].code) if cents}
