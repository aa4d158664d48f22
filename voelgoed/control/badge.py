"""The badge of Needs a person: in the bar of every page, in the answer to a refetch, and in the push.

The room is the organization's; what it pushes counts everything, so it is for those who may see everything. Whoever
sees only their own sales has the badge of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import g, render_template
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from voelgoed.control.waiting import count_anew, count_of_all
from voelgoed.foundation.database import db
from voelgoed.foundation.live import Part, part, publish
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.workflow.journal import RunStuck
from voelgoed.payments.payment import RefundEnd, RefundFailure
from voelgoed.selling.invoice import Invoice, InvoiceRecipient

DEED = "ledger.read"
"""Whoever has it may see all that waits."""
TOLD_BY = (RunStuck, RefundEnd, RefundFailure, InvoiceRecipient)
"""Rows that come or go with what waits; so does an invoice that asks for a recipient."""


def load(ident: UUID) -> UUID:
    """Find what the room is about: this organization, and no other; raises NotFound."""
    return rows(Organization).get(ident).id


def push(_ident: UUID) -> Iterator[Part]:
    """Render what is pushed to everybody in the room."""
    count_anew()
    yield badge_part(count_of_all())


def badge_part(number: int) -> Part:
    """Render the badge as it is pushed."""
    return part("control/_needs_badge.html", _version_now(), number=number, house=rows(Organization).one())


def in_bar(number: int) -> str:
    """Render the badge for the bar of a page; whoever may see all that waits hears of changes."""
    if is_told():
        return badge_part(number).html
    return render_template("control/_needs_badge.html", number=number, house=None)


def is_told() -> bool:
    """Say whether the visitor hears of changes."""
    who = g.get("identity")
    return bool(who and who.may(DEED))


def _version_now() -> int:
    """Return the milliseconds of the database's clock: a later badge is newer."""
    return int(db.session.scalar(select(func.floor(func.extract("epoch", func.clock_timestamp()) * 1000))) or 0)


def tell_changes() -> None:
    """Have the room told whenever something begins or ceases to wait, by whatever way its row is written."""
    for happening in ("pending_to_persistent", "persistent_to_deleted"):
        if not event.contains(Session, happening, _changed):
            event.listen(Session, happening, _changed)


def _changed(_session: Session, row: Any) -> None:
    if isinstance(row, TOLD_BY) or (isinstance(row, Invoice) and row.recipient_due):
        publish("needs", current_scope().organization_id)
