"""The trial balance of any range of days, and as it stood at a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from voelgoed.ledger.balances import balances
from voelgoed.reports.account_names import account_names
from voelgoed.reports.journal import Days
from voelgoed.reports.sheet import Column, Row

COLUMNS = (
    Column("account"), Column("name"), Column("kind"), Column("currency"), Column("opening", "money"),
    Column("debit", "money"), Column("credit", "money"), Column("closing debit", "money"),
    Column("closing credit", "money"),
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """An account: what it stood at before the range, what moved in it, what it stands at (cents; credit below 0)."""

    account_id: UUID
    code: str
    name: str
    kind: str
    currency: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """Return what it stands at after the range."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True)
class Sums:
    """The sums of one currency; in a ledger that balances each pair is equal."""

    currency: str
    debit: int
    credit: int
    closing_debit: int
    closing_credit: int


def trial_balance(asked: Days, but: UUID | None = None) -> list[Standing]:
    """Return every account that was used up to the end of the range, by code; without one shift's entries."""
    names = account_names()
    before = {one.account.id: one for one in balances(None, asked.since - timedelta(1), but=but)} if asked.since else {}
    within = {one.account.id: one for one in balances(asked.since, asked.until, but=but)}
    used = {one.account.id: one.account for one in (*before.values(), *within.values())}
    return [
        Standing(
            key, *name, used[key].kind, used[key].currency,
            before[key].cents if key in before else 0,
            within[key].debit_cents if key in within else 0,
            within[key].credit_cents if key in within else 0,
        )
        for key, name in names.items() if key in used
    ]  # fmt: skip


def sums(standings: Sequence[Standing]) -> list[Sums]:
    """Add up, by currency."""
    return [
        Sums(
            currency, sum(one.debit for one in own), sum(one.credit for one in own),
            sum(max(one.closing, 0) for one in own), sum(max(-one.closing, 0) for one in own),
        )
        for currency in sorted({one.currency for one in standings})
        if (own := [one for one in standings if one.currency == currency])
    ]  # fmt: skip


def rows_of(standings: Sequence[Standing]) -> list[Row]:
    """Return the trial balance as rows of a file."""
    return [
        (one.code, one.name, one.kind, one.currency, one.opening, one.debit, one.credit, max(one.closing, 0),
         max(-one.closing, 0))
        for one in standings
    ]  # fmt: skip
