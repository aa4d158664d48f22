"""The chart of accounts: which headings there are; each account is made when it is first used."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.foundation.database import db
from voelgoed.ledger.entry import Account


@dataclass(frozen=True)
class Heading:
    """What an account is for; `event_id` is set for an account that one event has for itself."""

    code: str
    name: str
    kind: str
    event_id: UUID | None = None


ROUNDING = Heading("4900", "Cash rounding", "income")


def cash_of(event_id: UUID) -> Heading:
    """Return the heading of the cash that an event takes."""
    return Heading("1000", "Cash", "asset", event_id)


def sales_at(rate_bp: int) -> Heading:
    """Return the heading of sales without tax, one for each rate (basis points)."""
    return Heading(f"4000-{rate_bp}", f"Sales at {_percent(rate_bp)}", "income")


def vat_at(rate_bp: int) -> Heading:
    """Return the heading of VAT owed, one for each rate (basis points)."""
    return Heading(f"2100-{rate_bp}", f"VAT at {_percent(rate_bp)}", "liability")


def _percent(rate_bp: int) -> str:
    return f"{rate_bp / 100:g} %"


def account(heading: Heading, currency: str) -> Account:
    """Return the account of a heading in a currency, made now if this is its first use."""
    found = _find(heading, currency)
    if found is None:
        # Two sales may both be the first: the second waits for the first one's commit, then finds its account.
        values = {"code": heading.code, "name": heading.name, "kind": heading.kind, "currency": currency}
        db.session.execute(insert(Account).values(**values, event_id=heading.event_id).on_conflict_do_nothing())
        found = _find(heading, currency)
    assert found is not None
    return found


def _find(heading: Heading, currency: str) -> Account | None:
    own = Account.event_id == heading.event_id if heading.event_id else Account.event_id.is_(None)
    return db.session.scalars(
        select(Account).where(Account.code == heading.code, Account.currency == currency, own)
    ).one_or_none()
