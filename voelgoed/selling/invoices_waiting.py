"""Invoices that do not say for whom they are, though the law asks it: those due first come first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.selling.invoice import Invoice, InvoiceRecipient

DAY = 86_400  # seconds


@dataclass(frozen=True)
class WaitingInvoice:
    """An invoice without its recipient, and the days that are left (negative: overdue)."""

    invoice: Invoice
    days: int

    @property
    def since(self) -> datetime:
        """When it was made out."""
        return self.invoice.created_at

    @property
    def from_whom(self) -> str:
        """Who may know for whom it is: the buyer, else who sold."""
        sale = self.invoice.checkout
        return (sale.customer.name if sale.customer else None) or sale.seller_label


def waiting_invoices(seller_id: UUID | None = None, most: int = 200) -> list[WaitingInvoice]:
    """Return the invoices of this organization that wait, or only those of one seller's sales."""
    named = select(InvoiceRecipient.id).where(InvoiceRecipient.invoice_id == Invoice.id)
    waiting = rows(Invoice).filter(Invoice.recipient_due.is_not(None), ~named.exists())
    if seller_id is not None:
        waiting = waiting.join(Checkout, Checkout.id == Invoice.checkout_id).filter(Checkout.seller_id == seller_id)
    return [WaitingInvoice(one, _days_left(one)) for one in waiting.order_by(Invoice.recipient_due).limit(most)]


def _days_left(invoice: Invoice) -> int:
    assert invoice.recipient_due is not None
    left = (invoice.recipient_due - now()).total_seconds() / DAY
    return math.ceil(left) if left > 0 else math.floor(left)
