"""What the papers of money say: a sale's invoice or receipt, a return's credit note; the same on page, slip and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.checkout.clerk_discount import ClerkDiscount
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web.words import day, moment, money
from voelgoed.payments.payment import Payment, ReturnLine
from voelgoed.selling.fees_told import fees_returned, fees_told
from voelgoed.selling.invoice import CreditNote, CreditNotePrint, Invoice, InvoicePrint, InvoiceRecipient
from voelgoed.selling.reserve_key_in import keyed_words
from voelgoed.selling.told import lines_of

THROUGH = {"card": "Card", "stripe": "Card online", "paystack": "Card online", "credit": "Credit of another sale"}


@dataclass(frozen=True)
class PaperLine:
    """One line of a paper: so many of a thing at a unit price, VAT included (cents)."""

    quantity: int
    name: str
    unit_cents: int | None
    total_cents: int


@dataclass(frozen=True)
class Paper:
    """A paper of money, as it is printed; `amounts` are its sums below the lines (words, cents, whether it is the sum).

    CPA s26 and the Value-Added Tax Act s20 and s21 say what stands on it.
    """

    heading: str
    serial: str | None
    at: datetime
    supplier: tuple[str, str | None, str | None]
    about: Sequence[str]
    lines: Sequence[PaperLine]
    amounts: Sequence[tuple[str, int, bool]]
    currency: str
    copy: bool = False
    recipient: InvoiceRecipient | None = None
    wanted: datetime | None = None


def invoice_of(sale: Checkout) -> Invoice | None:
    """Return the paper of a sale, if it has one."""
    return children(sale, Invoice).one_or_none()


def recipient_of(invoice: Invoice) -> InvoiceRecipient | None:
    """Return for whom an invoice is made out, as it was said last."""
    return children(invoice, InvoiceRecipient).order_by(InvoiceRecipient.id.desc()).first()


def paper_of(sale: Checkout) -> Paper:
    """Say what the paper of a sale says; without an invoice (a free sale) it is a receipt without a number."""
    invoice = invoice_of(sale)
    lines = lines_of(sale)
    printed = invoice is not None and children(invoice, InvoicePrint).first() is not None
    recipient = recipient_of(invoice) if invoice else None
    return Paper(
        heading=invoice.heading if invoice else "Receipt",
        serial=invoice.serial if invoice else None,
        at=invoice.created_at if invoice else sale.created_at,
        supplier=supplier_of(invoice),
        about=(f"Sale {sale.number or 'not finished'}, {sale.event.name}, {sale.event.venue.name}",
               f"Served by {sale.seller_label}", *_lowered(sale), *keyed_words(sale)),
        lines=[*(PaperLine(one.quantity, name + _less(one), one.unit_cents, one.total_cents) for one, name in lines),
               *fee_lines(sale, taxed=invoice is not None and _taxed(invoice))],
        amounts=[*_sum(sale.total_cents, invoice.vat_cents if invoice and _taxed(invoice) else None), *_paid(sale)],
        currency=sale.currency, copy=printed, recipient=recipient,
        wanted=invoice.recipient_due if invoice and recipient is None else None,
    )  # fmt: skip


def _less(line: CheckoutLine) -> str:
    """Say what a discount took off a line."""
    return f", less {money(line.discount_cents, line.checkout.currency)}" if line.discount_cents else ""


def _lowered(sale: Checkout) -> list[str]:
    """Say that a clerk lowered the price."""
    said = children(sale, ClerkDiscount).one_or_none()
    return [f"Discount {money(said.off_cents, sale.currency)}, given by {said.actor}"] if said else []


def fee_lines(sale: Checkout, *, taxed: bool) -> list[PaperLine]:
    """Return a sale's fees as lines of a paper, each with the VAT in it where there is any to tell."""
    return [
        PaperLine(one.quantity, one.name + (f", VAT {money(one.vat_cents, sale.currency)} in it" if taxed else ""),
                  one.unit_cents, one.total_cents)
        for one in fees_told(sale)
    ]  # fmt: skip


def supplier_of(invoice: Invoice | None) -> tuple[str, str | None, str | None]:
    """Return name, address and VAT number as they were on the invoice's day, or the name and address of today."""
    if invoice is None:
        own = rows(Organization).one()
        return own.name, own.address, None
    return invoice.supplier_name, invoice.supplier_address, invoice.supplier_vat_number


def _taxed(invoice: Invoice) -> bool:
    return invoice.kind == "tax_invoice"


def _sum(total_cents: int, vat_cents: int | None, words: str = "Total") -> list[tuple[str, int, bool]]:
    if vat_cents is None:
        return [(words, total_cents, True)]
    return [("Total before tax", total_cents - vat_cents, False), ("VAT", vat_cents, False), (words, total_cents, True)]


def _paid(sale: Checkout) -> list[tuple[str, int, bool]]:
    said = []
    for one in children(sale, Payment).order_by(Payment.tender):
        if one.gateway != "cash":
            slip = f" (slip {one.reference})" if one.gateway == "card" and one.reference else ""
            said.append((f"{THROUGH[one.gateway]}{slip}", one.amount_cents, False))
            continue
        if one.rounding_cents:
            said.append(("Cash rounding", -one.rounding_cents, False))
        said += [("Cash given", one.tendered_cents or 0, False), ("Change", one.change_cents or 0, False)]
    return said


def credit_paper_of(note: CreditNote) -> Paper:
    """Say what a credit note says: which invoice, why, what is taken off it, and the VAT in that."""
    given, invoice = note.given, note.invoice
    taken = select(ReturnLine, CheckoutLine).join(CheckoutLine, CheckoutLine.id == ReturnLine.checkout_line_id)
    names: dict[Any, str] = {line.id: name for line, name in lines_of(invoice.checkout)}
    lines = [
        PaperLine(back.tickets, names[line.id], line.unit_cents if back.tickets else None, back.value_cents)
        for back, line in db.session.execute(taken.where(ReturnLine.return_id == given.id).order_by(ReturnLine.id))
    ]
    lines += [PaperLine(1, name, None, cents) for name, cents in fees_returned(given)]
    if given.kept_cents:
        lines.append(PaperLine(1, "Charge for cancelling, kept", None, -given.kept_cents))
    vat_cents = note.vat_cents if _taxed(invoice) else None
    return Paper(
        heading=note.heading, serial=note.serial, at=note.created_at, supplier=supplier_of(invoice), lines=lines,
        about=(f"Credits {invoice.heading.lower()} {invoice.serial} of {moment(invoice.created_at)}",
               f"Reason: {note.reason}"),
        amounts=_sum(note.amount_cents, vat_cents, "Total credited"), currency=invoice.checkout.currency,
        copy=children(note, CreditNotePrint).first() is not None, recipient=recipient_of(invoice),
    )  # fmt: skip


def said_at(paper: Paper) -> str:
    """Return the day of a paper with its year, and the time."""
    return f"{day(paper.at)} {paper.at.year} {moment(paper.at).rsplit(' ', 1)[1]}"
