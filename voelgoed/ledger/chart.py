"""The chart of accounts: which headings there are; each account is made when it is first used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.foundation.database import db
from voelgoed.ledger.entry import Account


@dataclass(frozen=True)
class Heading:
    """What an account is for; `till_id` is set for the account of one drawer."""

    code: str
    name: str
    kind: str
    till_id: UUID | None = None


CASH = "1000"
FLOATS = Heading("1010", "Float fund", "asset")
BANKED = Heading("1020", "Cash in transit to the bank", "asset")
GATEWAYS = {
    "card": Heading("1100", "Card machines, to be settled", "asset"),
    "stripe": Heading("1110", "Stripe, to be settled", "asset"),
    "paystack": Heading("1120", "Paystack, to be settled", "asset"),
    "credit": Heading("2300", "Customers' credit", "liability"),
}
BANK = Heading("1200", "Bank", "asset")
REFUNDS_PAYABLE = Heading("2200", "Refunds payable", "liability")
ROUNDING = Heading("4900", "Cash rounding", "income")
VARIANCES = Heading("5000", "Cash over and short", "expense")
GATEWAY_FEES = Heading("5100", "Gateways' fees", "expense")
WRITTEN_OFF = Heading("5200", "Written off", "expense")
PAID_OUT = Heading("5300", "Paid out of drawers", "expense")
STANDING = (
    FLOATS, BANKED, *GATEWAYS.values(), BANK, REFUNDS_PAYABLE, ROUNDING, VARIANCES, GATEWAY_FEES, WRITTEN_OFF, PAID_OUT,
)  # fmt: skip
"""The headings that every organization has, used or not; drawers' and those by rate come with their first use."""


def cash_of(till_id: UUID) -> Heading:
    """Return the heading of the cash in one drawer."""
    return Heading(CASH, "Cash", "asset", till_id)


def clearing_of(gateway: str) -> Heading:
    """Return the heading of the money that a gateway has taken and not yet settled."""
    return GATEWAYS[gateway]


def sales_at(rate_bp: int) -> Heading:
    """Return the heading of sales without tax, one for each rate (basis points)."""
    return Heading(f"4000-{rate_bp}", f"Sales at {_percent(rate_bp)}", "income")


def fees_at(rate_bp: int) -> Heading:
    """Return the heading of fees on sales without tax, one for each rate (basis points)."""
    return Heading(f"4100-{rate_bp}", f"Fees at {_percent(rate_bp)}", "income")


def kept_at(rate_bp: int) -> Heading:
    """Return the heading of cancellation charges kept, without tax, one for each rate (basis points)."""
    return Heading(f"4200-{rate_bp}", f"Cancellation charges at {_percent(rate_bp)}", "income")


def vat_at(rate_bp: int) -> Heading:
    """Return the heading of VAT owed, one for each rate (basis points)."""
    return Heading(f"2100-{rate_bp}", f"VAT at {_percent(rate_bp)}", "liability")


def _percent(rate_bp: int) -> str:
    return f"{rate_bp / 100:g} %"


def account(heading: Heading, currency: str) -> Account:
    """Return the account of a heading in a currency, made now if this is its first use."""
    return accounts([heading], currency)[heading]


def accounts(headings: Collection[Heading], currency: str) -> dict[Heading, Account]:
    """Return the accounts of headings in a currency, those made now that are used for the first time."""
    found = _find(headings, currency)
    if missing := [one for one in headings if one not in found]:
        values = [
            {"code": one.code, "name": one.name, "kind": one.kind, "currency": currency, "till_id": one.till_id}
            for one in missing
        ]
        # Two sales may both be the first: the second waits for the first one's commit, then finds its account.
        db.session.execute(insert(Account).values(values).on_conflict_do_nothing())
        found = _find(headings, currency)
    return found


def _find(headings: Collection[Heading], currency: str) -> dict[Heading, Account]:
    coded = select(Account).where(Account.code.in_({one.code for one in headings}), Account.currency == currency)
    known = {(one.code, one.till_id): one for one in db.session.scalars(coded)}
    return {one: known[place] for one in headings if (place := (one.code, one.till_id)) in known}
