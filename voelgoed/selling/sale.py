"""A sale that is being completed: what it is made of, read once in the transaction that completes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from voelgoed.checkout.cash_step import know_cash_step
from voelgoed.checkout.state import STATE, State, lock, state_from
from voelgoed.foundation.tenancy import PlainSQL, current_scope, read_once
from voelgoed.ledger.post import know_accounts
from voelgoed.tills.own_shift import Drawer, kept_open

SQL = Path(__file__).parent / "sql"
READ = PlainSQL("selling.sale", (SQL / "sale.sql").read_text().replace("{state}", STATE.sql))


@dataclass(frozen=True)
class Earned:
    """What was earned at one rate of VAT (basis points): cents with the VAT in them, that VAT, and whether by a fee."""

    rate_bp: int
    cents: int
    vat_cents: int
    of_a_fee: bool = False


@dataclass(frozen=True)
class SoldType:
    """A ticket type: how many bodies each of its tickets lets in, its name, and its number in its event."""

    id: UUID
    bodies: int
    name: str
    number: int


@dataclass(frozen=True)
class SoldLine:
    """A line: so many tickets of a type, the price of one, what was taken off the line, and what it earns."""

    id: UUID
    type: SoldType
    quantity: int
    unit_cents: int
    discount_cents: int
    earned: Earned


@dataclass(frozen=True)
class Sale:
    """How a checkout stood when it was read; its lines in order, its fees, whose the tickets are.

    `drawer` is that of whoever acts, `timezone` its venue's, `cash_step` the smallest coin in cents, `last_expires_at`
    the latest end of its holds.
    """

    state: State
    drawer: Drawer | None
    lines: list[SoldLine]
    fees: list[Earned]
    holder: str | None
    timezone: str
    cash_step: int
    last_expires_at: datetime | None

    @property
    def earned(self) -> list[Earned]:
        """All that the sale brings, by line and fee."""
        return [*(line.earned for line in self.lines), *self.fees]


def sale_of(checkout_id: UUID) -> Sale:
    """Lock a checkout and return what it is made of and how it stood then: since, only this transaction changed that.

    The open shift of whoever acts is kept open, too.
    """
    lock(checkout_id)
    return read_once(("sale", checkout_id), lambda: _read(checkout_id))


def _read(checkout_id: UUID) -> Sale:
    row = READ.one(checkout_id=checkout_id, who=current_scope().actor.id)
    drawer = kept_open(row.shift_id, row.till_id) if row.shift_id else None
    know_cash_step(row.cash_step)
    know_accounts(row.currency, {(code, UUID(till) if till else None): UUID(own) for code, till, own in row.accounts})
    lines = [
        SoldLine(
            UUID(one["id"]), SoldType(UUID(one["type_id"]), one["bodies"], one["name"], one["number"]), one["quantity"],
            one["unit_cents"], one["discount_cents"],
            Earned(one["rate_bp"], one["cents"], one["vat_cents"]),
        )
        for one in row.lines
    ]  # fmt: skip
    fees = [Earned(one["rate_bp"], one["cents"], one["vat_cents"], of_a_fee=True) for one in row.fees]
    return Sale(state_from(row), drawer, lines, fees, row.holder, row.timezone, row.cash_step, row.last_expires_at)
