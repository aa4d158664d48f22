"""Making out the papers of money: an invoice with the sale, a credit note with the return."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.tenancy import PlainSQL, current_scope, rows
from voelgoed.payments.payment import Return
from voelgoed.selling.invoice import CENTRAL, CreditNote, Invoice
from voelgoed.selling.number import Supplied
from voelgoed.selling.sale import SQL
from voelgoed.selling.sell_group import address_to_group
from voelgoed.tills.series import draw_number
from voelgoed.tills.shift import Shift
from voelgoed.tills.till import Till

FULL_ABOVE_CENTS = 500_000
"""Above this a tax invoice names its recipient (Value-Added Tax Act 89 of 1991, s20(4) and (5))."""
WITHIN = timedelta(days=21)
"""So long may the recipient of an invoice be missing (s20(1))."""
SERIES, INVOICE = ((SQL / f"{name}.sql").read_text() for name in ("series", "invoice"))


def drawn_by(series: str) -> PlainSQL:
    """Return what writes an invoice under the number that some SQL draws."""
    return PlainSQL("selling.sale", INVOICE.replace("{drawn}", series), writes=True)


AT_TILL = drawn_by(SERIES.replace("{place}", "(organization_id, till_id, kind) WHERE till_id IS NOT NULL"))
CENTRALLY = drawn_by(SERIES.replace("{place}", "(organization_id, kind) WHERE till_id IS NULL"))


def make_out(checkout: Checkout, supplied: Supplied, *, many_buyers: bool = False) -> None:
    """Number and write the paper of a sale that is being paid; none for a free one.

    `many_buyers`: it sums up what was sold to people one by one, so no one recipient is asked for.
    It takes the series of its till, held to the commit, so it is the last thing that a sale does.
    """
    if checkout.total_cents == 0:
        return
    point("invoice.before_series")
    till_id, prefix = supplied.till or (None, CENTRAL)
    full = supplied.vendor and checkout.total_cents > FULL_ABOVE_CENTS and not many_buyers
    (CENTRALLY if till_id is None else AT_TILL).one(
        organization_id=current_scope().organization_id, series_id=uuid7(), id=uuid7(), checkout_id=checkout.id,
        till_id=till_id, prefix=prefix, kind="tax_invoice" if supplied.vendor else "receipt",
        supplier_name=supplied.name, supplier_address=supplied.address,
        supplier_vat_number=supplied.vat_number if supplied.vendor else None, total_cents=checkout.total_cents,
        vat_cents=supplied.vat_cents if supplied.vendor else 0, created_at=now(),
        recipient_due=now() + WITHIN if full else None,
    )  # fmt: skip
    if checkout.channel == "group":
        address_to_group(rows(Invoice).filter(Invoice.checkout_id == checkout.id).one())
    point("invoice.written")


def make_out_credit(given: Return) -> CreditNote | None:
    """Number and write the credit note of a return; None when nothing of value came back.

    What is kept as a charge stays on the invoice. The last thing that a return does, as with `make_out`.
    """
    if given.value_cents == 0:
        return None
    invoice = db.session.scalars(select(Invoice).where(Invoice.checkout_id == given.checkout_id)).one()
    till_id, prefix = _till_of(given)
    vat_cents = given.vat_cents - given.kept_vat_cents
    point("credit_note.before_series")
    made = CreditNote(
        invoice_id=invoice.id, return_id=given.id, till_id=till_id, prefix=prefix, reason=given.reason,
        number=draw_number("credit_note", till_id), amount_cents=given.value_cents - given.kept_cents,
        vat_cents=vat_cents if invoice.kind == "tax_invoice" else 0,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    point("credit_note.written")
    return made


def _till_of(given: Return) -> tuple[UUID | None, str]:
    statement = select(Till.id, Till.prefix).join(Shift, Shift.till_id == Till.id).where(Shift.id == given.shift_id)
    found = db.session.execute(statement.execution_options(include_archived=True)).one_or_none()
    return (found[0], found[1]) if found else (None, CENTRAL)
