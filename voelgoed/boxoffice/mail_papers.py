"""A sale's papers by mail: what is written, and what is attached."""

from __future__ import annotations

from uuid import UUID

from voelgoed.boxoffice.invoice_paper import invoice_of
from voelgoed.boxoffice.paper_file import name_of, sale_pdf
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.state import state_of
from voelgoed.foundation.mail import Attachment, Mail, write_mail
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.foundation.web.words import money


def sale_attachment(checkout_id: UUID) -> Attachment:
    """Draw a sale's invoice and tickets as the file of a mail."""
    sale = rows(Checkout).get(checkout_id)
    return Attachment(name_of(sale), "application/pdf", sale_pdf(sale))


def mail_sale(sale: Checkout, address: str) -> Mail:
    """Have a sale's papers sent to an address; raises Problem 409 `not_paid`, `no_mail`."""
    if state_of(sale.id).outcome != "paid":
        raise Problem(409, "not_paid", "This sale is not paid", "Nothing was sent.")
    invoice, own = invoice_of(sale), rows(Organization).one()
    paper = f" and your {invoice.heading.lower()} {invoice.serial}" if invoice else ""
    body = (
        f"Good day\n\nAttached are your tickets for {sale.event.name}{paper}.\n"
        f"Sale {sale.number}, {money(sale.total_cents, sale.currency)}.\n\n"
        "Show the code of each ticket at the gate, on paper or on your phone.\n\n"
        f"{own.name}\n"
    )
    return write_mail(address, f"Your tickets for {sale.event.name}", body, papers="sale", about_id=sale.id)
