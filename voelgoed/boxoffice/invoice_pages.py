"""Pages of the papers of money: shown, printed, drawn as PDF, made out to somebody; the list that waits for that."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from flask import request
from pydantic import Field

from voelgoed.boxoffice.invoice_paper import credit_paper_of, invoice_of, paper_of, recipient_of, said_at
from voelgoed.boxoffice.invoice_pdf import pdf_of
from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.paper_file import FEW, MANY, PaperFile, ask_for, is_large, name_of, sale_pdf
from voelgoed.boxoffice.tickets import chosen_format
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, File, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked, Line, Lines
from voelgoed.selling.invoice import CreditNote, CreditNotePrint, Invoice, InvoicePrint, InvoiceRecipient
from voelgoed.selling.invoices_waiting import waiting_invoices

PDF = "application/pdf"
MOST_WAITING = 200


class RecipientForm(Asked):
    """For whom an invoice is made out."""

    name: Annotated[Line, Field(min_length=1, max_length=160)]
    address: Annotated[Lines, Field(min_length=1, max_length=400)]
    vat_number: Annotated[Line, Field(pattern=r"^4[0-9]{9}$")] | None = None


@pages.get("/checkouts/<uuid:checkout_id>/receipt", allow="sale.read")
def receipt(checkout_id: UUID) -> Answer:
    """Show a sale's invoice or receipt, as it is printed; the second print says copy."""
    sale = rows(Checkout).get(checkout_id)
    paper, invoice = paper_of(sale), invoice_of(sale)
    may = invoice is not None and invoice.kind == "tax_invoice" and identity().may("invoice.complete")
    return Page("boxoffice/receipt.html", sale=sale, paper=paper, said_at=said_at(paper), invoice=invoice,
                format=chosen_format(), may_recipient=may)  # fmt: skip


@pages.post("/checkouts/<uuid:checkout_id>/invoice/prints", allow="sell")
def record_invoice_print(checkout_id: UUID) -> Answer:
    """Record that a sale's invoice or receipt was printed: the next one says copy."""
    invoice = _invoice(rows(Checkout).get(checkout_id))
    db.session.add(InvoicePrint(invoice_id=invoice.id, format=chosen_format()))
    return Redirect("boxoffice.sale", checkout_id=checkout_id)


def _invoice(sale: Checkout) -> Invoice:
    found = invoice_of(sale)
    if found is None:
        raise Problem(404, "not_found", detail="This sale has no invoice: it is not paid, or it was free.")
    return found


@pages.post("/checkouts/<uuid:checkout_id>/invoice.pdf", allow="sell")
def print_invoice_pdf(checkout_id: UUID) -> Answer:
    """Draw a sale's invoice or receipt on A4 to be handed over: the next one, on whatever paper, says copy."""
    drawn = invoice_pdf(checkout_id)
    db.session.add(InvoicePrint(invoice_id=_invoice(rows(Checkout).get(checkout_id)).id, format="a4"))
    return drawn


@pages.get("/checkouts/<uuid:checkout_id>/invoice.pdf", allow="sale.read")
def invoice_pdf(checkout_id: UUID) -> Answer:
    """Draw a sale's invoice or receipt on A4."""
    sale = rows(Checkout).get(checkout_id)
    paper = paper_of(sale)
    return File(pdf_of([paper], [], identity().organization, paper.heading), PDF, f"{paper.serial or 'receipt'}.pdf")


@pages.get("/credit-notes/<uuid:note_id>", allow="sale.read")
def credit_note(note_id: UUID) -> Answer:
    """Show a credit note, as it is printed."""
    note = rows(CreditNote).get(note_id)
    paper = credit_paper_of(note)
    return Page("boxoffice/credit_note.html", note=note, paper=paper, said_at=said_at(paper), format=chosen_format())


@pages.post("/credit-notes/<uuid:note_id>/prints", allow="sell")
def record_credit_print(note_id: UUID) -> Answer:
    """Record that a credit note was printed: the next one says copy."""
    note = rows(CreditNote).get(note_id)
    db.session.add(CreditNotePrint(credit_note_id=note.id, format=chosen_format()))
    return Redirect("boxoffice.sale", checkout_id=note.invoice.checkout_id)


@pages.post("/credit-notes/<uuid:note_id>/note.pdf", allow="sell")
def print_credit_note_pdf(note_id: UUID) -> Answer:
    """Draw a credit note on A4 to be handed over: the next one, on whatever paper, says copy."""
    drawn = credit_note_pdf(note_id)
    db.session.add(CreditNotePrint(credit_note_id=rows(CreditNote).get(note_id).id, format="a4"))
    return drawn


@pages.get("/credit-notes/<uuid:note_id>/note.pdf", allow="sale.read")
def credit_note_pdf(note_id: UUID) -> Answer:
    """Draw a credit note on A4."""
    paper = credit_paper_of(rows(CreditNote).get(note_id))
    return File(pdf_of([paper], [], identity().organization, paper.heading), PDF, f"{paper.serial}.pdf")


@pages.get("/checkouts/<uuid:checkout_id>/papers.pdf", allow="sell")
def papers_pdf(checkout_id: UUID) -> Answer:
    """Give a sale's invoice and all its tickets as one file; a large one is drawn by a job first."""
    sale = rows(Checkout).get(checkout_id)
    if not is_large(sale):
        return File(sale_pdf(sale), PDF, name_of(sale))
    made = children(sale, PaperFile).order_by(PaperFile.id.desc()).first()
    if made is None or made.content is None:
        return Redirect("boxoffice.papers", checkout_id=checkout_id)
    return File(made.content, PDF, name_of(sale))


@pages.get("/checkouts/<uuid:checkout_id>/papers", allow="sell")
def papers(checkout_id: UUID) -> Answer:
    """Say how far the file of a large sale is."""
    sale = rows(Checkout).get(checkout_id)
    made = children(sale, PaperFile).order_by(PaperFile.id.desc()).first()
    template = "boxoffice/_papers.html" if request.headers.get("HX-Request") else "boxoffice/invoice_papers.html"
    return Page(template, sale=sale, file=made, large=is_large(sale), few=FEW, many=MANY)


@pages.post("/checkouts/<uuid:checkout_id>/papers", allow="sell")
def ask_for_papers(checkout_id: UUID) -> Answer:
    """Have the file of a large sale drawn anew."""
    ask_for(rows(Checkout).get(checkout_id), FEW if request.form.get("per_sheet") == str(FEW) else MANY)
    return Redirect("boxoffice.papers", checkout_id=checkout_id)


@pages.get("/invoices/waiting", allow="invoice.complete")
def invoices_waiting() -> Answer:
    """List the invoices that do not yet say for whom they are, the overdue first."""
    return Page("boxoffice/invoices_waiting.html", waiting=waiting_invoices(most=MOST_WAITING), most=MOST_WAITING)


@pages.get("/checkouts/<uuid:checkout_id>/invoice/recipient", allow="invoice.complete")
def invoice_recipient(checkout_id: UUID) -> Answer:
    """Ask for whom a sale's invoice is."""
    sale = rows(Checkout).get(checkout_id)
    known = recipient_of(_invoice(sale))
    form = blank(name=known.name, address=known.address, vat_number=known.vat_number) if known else blank(
        name=sale.customer.name if sale.customer else None
    )  # fmt: skip
    return _recipient_page(sale, form)


def _recipient_page(sale: Checkout, form: Form[Any], status: int = 200) -> Page:
    """Make the page, or for a till that has just sold only its form."""
    template = "boxoffice/_recipient_form.html" if _over_till() else "boxoffice/invoice_recipient.html"
    return Page(template, status, sale=sale, invoice=_invoice(sale), form=form)


def _over_till() -> bool:
    return request.headers.get("HX-Request") == "true"


@pages.post("/checkouts/<uuid:checkout_id>/invoice/recipients", allow="invoice.complete")
def name_recipient(checkout_id: UUID) -> Answer:
    """Say for whom a sale's invoice is; said again, the last counts."""
    sale = rows(Checkout).get(checkout_id)
    invoice, form = _invoice(sale), read(RecipientForm, request.form)
    if invoice.kind != "tax_invoice":
        raise Problem(409, "no_tax_invoice", "This is a receipt", "Only a tax invoice says for whom it is.")
    if not form.ok:
        if "vat_number" in form.errors:
            form.errors["vat_number"] = ["A VAT number: ten digits, the first a 4."]
        return _recipient_page(sale, form, 422)
    made = InvoiceRecipient(invoice_id=invoice.id, actor=identity().actor.label, **form.model.model_dump())
    db.session.add(made)
    if _over_till():
        return Page("boxoffice/_recipient_named.html", sale=sale, invoice=invoice, recipient=made)
    return Redirect("boxoffice.receipt", checkout_id=checkout_id)
