"""The second paper says copy, whatever the first one was: slip, sheet or PDF, of a sale and of what came back of it."""

import io
import re

import pytest
from pypdf import PdfReader

from tests.boxoffice.test_invoice_pages import bare
from tests.checkout.programme import Sold, hold, pay, put_on
from tests.selling.refunding import give_back
from tests.selling.test_invoice import become_vendor
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.selling.invoice import CreditNote, CreditNotePrint, Invoice, InvoicePrint, InvoiceRecipient


@pytest.fixture
def papers(personas):
    """A vendor's sale above R5 000, with a part of it given back: the paths of its invoice and its credit note."""
    with personas.home.scope("box_office"):
        become_vendor()
        sale = hold(put_on(Sold(price_cents=600000)))
        pay(sale)
        give_back(sale, 1000, "copies")
        note = rows(CreditNote).one().id
        rollback()
    return sale, f"/home/checkouts/{sale}", f"/home/credit-notes/{note}"


def is_copy(client, path):
    return [" copy " in f" {bare(client.get(f'{path}?format={one}').text).lower()} " for one in ("slip", "a4")]


def says_copy(answer):
    assert answer.mimetype == "application/pdf"
    return "COPY" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_after_a_print_page_and_pdf_say_copy(personas, papers):
    clerk, (_, sale, note) = personas.client("box_office"), papers
    for page, prints, pdf in (
        (f"{sale}/receipt", f"{sale}/invoice/prints", f"{sale}/invoice.pdf"),
        (note, f"{note}/prints", f"{note}/note.pdf"),
    ):  # fmt: skip
        assert (is_copy(clerk, page), says_copy(clerk.get(pdf))) == ([False, False], False)
        assert clerk.post(prints, data={"format": "slip"}).status_code == 303
        assert (is_copy(clerk, page), says_copy(clerk.get(pdf)), says_copy(clerk.post(pdf))) == (
            [True, True],
            True,
            True,
        )


def test_a_pdf_that_was_handed_over_is_the_original_and_the_next_paper_a_copy(personas, papers):
    clerk, (_, sale, note) = personas.client("box_office"), papers
    for page, pdf in ((f"{sale}/receipt", f"{sale}/invoice.pdf"), (note, f"{note}/note.pdf")):
        assert [says_copy(clerk.post(pdf)) for _ in range(2)] == [False, True]
        assert is_copy(clerk, page) == [True, True]
    for role in ("accountant", "auditor"):
        assert {personas.client(role).post(path).status_code for path in (f"{note}/prints", f"{note}/note.pdf")} == {
            403
        }
        assert personas.client(role).get(f"{note}/note.pdf").status_code == 200
    outsider = personas.outsider()
    assert {
        outsider.post(path).status_code for path in (f"{note}/prints", f"{note}/note.pdf", f"{sale}/invoice.pdf")
    } == {404}
    with personas.home.scope():
        assert (rows(InvoicePrint).count(), rows(CreditNotePrint).count()) == (2, 2)


def test_the_till_asks_for_whom_and_takes_the_answer_in_place(personas, papers):
    clerk, (_, sale, _) = personas.client("box_office"), papers
    over = {"HX-Request": "true"}
    url = clerk.get(sale).json["recipient_url"]
    assert url == f"{sale}/invoice/recipient"
    form = clerk.get(url, headers=over).text
    assert ("<html" in form, 'name="vat_number"' in form) == (False, True)
    action = re.search(r'action="([^"]+)"', form)[1]
    wrong = clerk.post(action, data={"name": "Kopano", "address": "", "vat_number": "1"}, headers=over)
    assert (wrong.status_code, "ten digits" in wrong.text, "<html" in wrong.text) == (422, True, False)
    right = clerk.post(action, data={"name": "Kopano Trust", "address": "Kerk Street 1"}, headers=over)
    assert (right.status_code, "made out to" in right.text, "Kopano Trust" in right.text) == (200, True, True)
    assert clerk.get(sale).json["recipient_url"] is None
    with personas.home.scope():
        assert (rows(InvoiceRecipient).one().name, rows(Invoice).count()) == ("Kopano Trust", 1)
