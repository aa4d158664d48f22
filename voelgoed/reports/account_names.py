"""What accounts are called: a drawer's cash says whose it is."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from voelgoed.foundation.database import db
from voelgoed.ledger.entry import Account
from voelgoed.tills.till import Till


def account_names() -> dict[UUID, tuple[str, str]]:
    """Return account → (code, name), by code; a drawer's with its till, archived ones too."""
    statement = select(Account.id, Account.code, Account.name, Till.name).outerjoin(Till, Till.id == Account.till_id)
    ordered = statement.order_by(Account.code, Till.name, Account.currency)
    return {
        key: (code, f"{name}, {till}" if till else name)
        for key, code, name, till in db.session.execute(ordered.execution_options(include_archived=True))
    }
