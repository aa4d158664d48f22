"""The VAT summary of a period: by rate, what was charged, what credit notes took back, what is owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from voelgoed.ledger.balances import Balance, balances
from voelgoed.ledger.chart import fees_at, kept_at, sales_at, vat_at
from voelgoed.reports.journal import Days
from voelgoed.reports.sheet import Column, Row

COLUMNS = (
    Column("rate", "percent"), Column("currency"), Column("charged, net", "money"), Column("charged, VAT", "money"),
    Column("credit notes, net", "money"), Column("credit notes, VAT", "money"), Column("net", "money"),
    Column("output VAT", "money"),
)  # fmt: skip
VAT = vat_at(0).code.partition("-")[0]
NET = {made(0).code.partition("-")[0] for made in (sales_at, fees_at, kept_at)}


@dataclass(frozen=True)
class Rate:
    """One rate (basis points) in one currency, in cents: charged, and taken back by returns."""

    rate_bp: int
    currency: str
    charged_net: int = 0
    charged_vat: int = 0
    credited_net: int = 0
    credited_vat: int = 0

    @property
    def net(self) -> int:
        """Return what was earned without VAT."""
        return self.charged_net - self.credited_net

    @property
    def vat(self) -> int:
        """Return the output VAT of the period."""
        return self.charged_vat - self.credited_vat


def vat_summary(asked: Days, but: UUID | None = None) -> list[Rate]:
    """Return each rate that moved in the period, `but` by one shift; a sale falls into the period of its payment."""
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for rate_bp, vat, one in _taxed(balances(asked.since, asked.until, but=but)):
        own = sums[rate_bp, one.account.currency]
        own[vat] += one.credit_cents
        own[2 + vat] += one.debit_cents
    return [Rate(*key, *own) for key, own in sorted(sums.items(), reverse=True)]


def _taxed(found: Sequence[Balance]) -> Iterator[tuple[int, bool, Balance]]:
    for one in found:
        heading, _, rate = one.account.code.partition("-")
        if rate.isdecimal() and (heading == VAT or heading in NET):
            yield int(rate), heading == VAT, one


def rows_of(rates: Sequence[Rate]) -> list[Row]:
    """Return the summary as rows of a file."""
    return [
        (one.rate_bp, one.currency, one.charged_net, one.charged_vat, one.credited_net, one.credited_vat, one.net,
         one.vat)
        for one in rates
    ]  # fmt: skip
