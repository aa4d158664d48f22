"""The paper of a paid sale: a tax invoice or a receipt, numbered without gaps, and for whom it is made out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.resource import Resource, cents, choice, integer, moment, refers, related, text
from voelgoed.payments.payment import Return

CENTRAL = "CENTRAL"
"""Leads the numbers of papers that no till wrote (online, the office); a till's prefix is too short to be this."""


class Invoice(
    Resource,
    append_only="a paper that was numbered and handed over is a fact",
    unique=(("checkout_id",),),
    unique_where={
        ("till_id", "kind", "number"): "till_id IS NOT NULL",
        ("kind", "number"): "till_id IS NULL",
    },
    checks={"some_amount": "total_cents > 0", "no_vat_on_a_receipt": "kind = 'tax_invoice' OR vat_cents = 0"},
):
    """The one paper of a paid sale above nothing, with the supplier as they were called on that day.

    A VAT vendor's is a tax invoice. `recipient_due`: until when it must say for whom it is (above R5 000).
    """

    checkout_id: Mapped[UUID] = refers("checkout")
    till_id: Mapped[UUID | None] = refers("till", nullable=True)
    kind: Mapped[str] = choice("tax_invoice", "receipt")
    prefix: Mapped[str] = text(8)
    number: Mapped[int] = integer()
    supplier_name: Mapped[str] = text(120)
    supplier_address: Mapped[str | None] = text(400, nullable=True)
    supplier_vat_number: Mapped[str | None] = text(20, nullable=True)
    total_cents: Mapped[int] = cents()
    vat_cents: Mapped[int] = cents()
    recipient_due: Mapped[datetime | None] = moment(nullable=True)
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")

    @property
    def serial(self) -> str:
        """The number as it is written: T1-147, a receipt's T1-R147."""
        return f"{self.prefix}-{'R' if self.kind == 'receipt' else ''}{self.number}"

    @property
    def heading(self) -> str:
        """What the law has it called; a receipt never says "invoice"."""
        return "Tax invoice" if self.kind == "tax_invoice" else "Receipt"


class InvoiceRecipient(Resource, redact=("name", "address", "vat_number")):
    """For whom an invoice is made out; a correction is a later row, and the last one counts."""

    invoice_id: Mapped[UUID] = refers("invoice")
    name: Mapped[str] = text(160)
    address: Mapped[str] = text(400)
    vat_number: Mapped[str | None] = text(20, nullable=True)
    actor: Mapped[str] = text(400)
    invoice: Mapped[Invoice] = related("invoice_id", "Invoice")


class InvoicePrint(Resource, append_only="a paper that was printed is a fact"):
    """An invoice was printed: the next one of it says "copy"."""

    invoice_id: Mapped[UUID] = refers("invoice")
    format: Mapped[str] = choice("slip", "a4")


class CreditNote(
    Resource,
    append_only="a paper that was numbered and handed over is a fact",
    unique=(("return_id",),),
    unique_where={("till_id", "number"): "till_id IS NOT NULL", ("number",): "till_id IS NULL"},
    checks={"not_negative": "amount_cents >= 0 AND vat_cents >= 0"},
):
    """What a return takes off an invoice (less what is kept as a charge), with the VAT in it and the reason."""

    invoice_id: Mapped[UUID] = refers("invoice")
    return_id: Mapped[UUID] = refers("return")
    till_id: Mapped[UUID | None] = refers("till", nullable=True)
    prefix: Mapped[str] = text(8)
    number: Mapped[int] = integer()
    reason: Mapped[str] = text(400)
    amount_cents: Mapped[int] = cents()
    vat_cents: Mapped[int] = cents()
    invoice: Mapped[Invoice] = related("invoice_id", "Invoice")
    given: Mapped[Return] = related("return_id", "Return")

    @property
    def serial(self) -> str:
        """The number as it is written: T1-C12."""
        return f"{self.prefix}-C{self.number}"

    @property
    def heading(self) -> str:
        """What it is called: the credit note of a tax invoice, else the slip of a refund."""
        return "Credit note" if self.invoice.kind == "tax_invoice" else "Refund slip"


class CreditNotePrint(Resource, append_only="a paper that was printed is a fact"):
    """A credit note was printed: the next one of it says "copy"."""

    credit_note_id: Mapped[UUID] = refers("credit_note")
    format: Mapped[str] = choice("slip", "a4")
