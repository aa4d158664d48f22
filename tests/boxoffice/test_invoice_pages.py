"""The papers of money on page and PDF: what stands on them, what never does, copies, recipients, credit notes."""

import io
import re

import psycopg
import pytest
import zxingcpp
from pypdf import PdfReader

from tests.checkout.programme import Sold, hold, pay, put_on, sell
from tests.selling.refunding import give_back
from tests.selling.test_invoice import become_vendor
from voelgoed.boxoffice import paper_file
from voelgoed.boxoffice.paper_file import PaperFile
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.foundation.outbox import dispatch
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import rows
from voelgoed.selling.invoice import CreditNote, Invoice, InvoiceRecipient
from voelgoed.selling.told import tickets_of
from voelgoed.ticketing.codes import codes_of


def bare(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def words_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def bought(programme, quantity=1, tendered_cents=None):
    checkout_id = hold(programme, quantity)
    pay(checkout_id, tendered_cents)
    return checkout_id


@pytest.fixture
def clerk(personas):
    return personas.client("box_office")


@pytest.fixture
def home(personas):
    with personas.home.scope("box_office"):
        yield personas.home


def test_a_tax_invoice_says_what_the_law_asks_on_page_and_pdf(home, clerk):
    become_vendor()
    checkout_id = bought(put_on(Sold(price_cents=23005)), 2, 50000)
    page = bare(clerk.get(f"/home/checkouts/{checkout_id}/receipt").text)
    told = words_of(clerk.get(f"/home/checkouts/{checkout_id}/invoice.pdf").data)
    for said in (page, told):
        for words in (
            "Tax invoice", "T3-1", "Home", "VAT number 4012345678", "12 Kerk Street", "2 × Adult", "R230.05", "R460.10",
            "Total before tax", "R400.09", "VAT", "R60.01", "Cash given", "R500.00", "Change", "R39.90",
        ):  # fmt: skip
            assert words in said, words
        assert "copy" not in said.lower()


def test_rounding_stands_by_itself(home, clerk):
    checkout_id = bought(put_on(Sold(price_cents=5003)), 1, 5000)
    page = bare(clerk.get(f"/home/checkouts/{checkout_id}/receipt?format=a4").text)
    assert "Total R50.03" in page
    assert "Cash rounding −R0.03" in page


def test_a_receipt_shows_no_vat_and_never_says_invoice(home, clerk):
    checkout_id = bought(put_on(Sold(price_cents=23000)))
    html = clerk.get(f"/home/checkouts/{checkout_id}/receipt").text
    paper = bare(html[html.index("<article") : html.index("</article>")])
    told = words_of(clerk.get(f"/home/checkouts/{checkout_id}/invoice.pdf").data)
    for said in (paper, told):
        assert "Receipt" in said
        assert "T3-R1" in said
        assert "VAT" not in said
        assert "invoice" not in said.lower()
    refused = clerk.post(f"/home/checkouts/{checkout_id}/invoice/recipients", data={"name": "A", "address": "B"})
    assert refused.status_code == 409


def test_a_second_print_says_copy(home, clerk):
    checkout_id = bought(put_on())
    path = f"/home/checkouts/{checkout_id}"
    assert '<p class="copy">' not in clerk.get(f"{path}/receipt").text
    assert clerk.post(f"{path}/invoice/prints?format=slip").status_code == 303
    assert '<p class="copy">' in clerk.get(f"{path}/receipt").text
    assert "COPY" in words_of(clerk.get(f"{path}/invoice.pdf").data)


def test_a_credit_note_is_shown_with_what_it_credits(home, clerk, personas):
    become_vendor()
    checkout_id = bought(put_on(Sold(price_cents=23000)), 2)
    give_back(checkout_id, 11500, "k")
    note = rows(CreditNote).one()
    assert note.serial in clerk.get(f"/home/sales/{checkout_id}").text
    for said in (bare(clerk.get(f"/home/credit-notes/{note.id}").text),
                 words_of(clerk.get(f"/home/credit-notes/{note.id}/note.pdf").data)):  # fmt: skip
        for words in ("Credit note", "T3-C1", "tax invoice T3-1", "Reason: rain", "R15.00", "R115.00"):
            assert words in said, words
    assert personas.outsider().get(f"/abroad/credit-notes/{note.id}").status_code == 404


def test_one_pdf_holds_every_ticket_with_its_code(home, clerk):
    checkout_id = bought(put_on(), 4)
    sale = rows(Invoice).one().checkout
    tickets = tickets_of(sale)
    sent = clerk.get(f"/home/checkouts/{checkout_id}/papers.pdf")
    assert sent.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(sent.data))
    assert len(reader.pages) == 3
    told = words_of(sent.data)
    assert all(one.serial in told for one in tickets)
    read = {found.text for page in reader.pages for image in page.images
            for found in zxingcpp.read_barcodes(image.image.convert("L"))}  # fmt: skip
    assert read == set(codes_of(tickets).values())


def test_a_large_sale_is_drawn_by_a_job_and_kept_sealed(home, clerk, monkeypatch):
    monkeypatch.setattr(paper_file, "AT_ONCE", 3)
    checkout_id = bought(put_on(), 4)
    path = f"/home/checkouts/{checkout_id}/papers"
    assert clerk.get(f"{path}.pdf").status_code == 303
    assert clerk.post(path).status_code == 303
    assert clerk.post(path).status_code == 303
    assert "Being drawn" in clerk.get(path).text
    (row,) = rows(OutboxRow).filter(OutboxRow.task == paper_file.TASK).all()
    assert dispatch(home.organization_id, row.id)
    sent = clerk.get(f"{path}.pdf")
    assert words_of(sent.data).count("Lets in 1 person") == 4
    kept = rows(PaperFile).populate_existing().one()
    assert not kept.content_sealed.startswith(b"%PDF")


def test_a_large_invoice_waits_for_its_recipient_and_then_names_them(home, clerk, personas, database):
    become_vendor()
    programme = put_on(Sold(price_cents=300000))
    first, second = bought(programme, 2), bought(programme, 2)
    assert "21 days left" in bare(clerk.get("/home/invoices/waiting").text)
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE invoice SET recipient_due = now() - interval '36 hours' WHERE checkout_id = %s",
                           (second,))  # fmt: skip
    listed = bare(clerk.get("/home/invoices/waiting").text)
    assert listed.index("T3-2") < listed.index("T3-1")
    assert "overdue by 2 days" in listed
    assert "to follow by" in clerk.get(f"/home/checkouts/{first}/receipt").text
    path = f"/home/checkouts/{first}/invoice/recipients"
    for wrong in ({"name": "", "address": "x"}, {"name": "A", "address": "B", "vat_number": "12"}):
        assert clerk.post(path, data=wrong).status_code == 422
    said = {"name": "Karoo Tours", "address": "1 Main Road\nLaingsburg", "vat_number": "4999999999"}
    assert clerk.post(path, data=said).status_code == 303
    for shown in (clerk.get(f"/home/checkouts/{first}/receipt").text,
                  words_of(clerk.get(f"/home/checkouts/{first}/invoice.pdf").data)):  # fmt: skip
        assert "Karoo Tours" in shown
        assert "4999999999" in shown
    clerk.post(path, data={**said, "name": "Karoo Tours (Pty) Ltd"})
    assert rows(InvoiceRecipient).count() == 2
    assert "(Pty)" in clerk.get(f"/home/checkouts/{first}/receipt").text
    assert "T3-1" not in bare(clerk.get("/home/invoices/waiting").text)
    assert personas.outsider().post(f"/abroad/checkouts/{first}/invoice/recipients", data=said).status_code == 404
    assert personas.client("gate_supervisor").get("/home/invoices/waiting").status_code == 403


def test_outsiders_and_others_see_no_paper(home, personas):
    checkout_id = bought(put_on())
    for page in ("receipt", "invoice.pdf", "papers.pdf", "papers", "invoice/recipient", "mail"):
        assert personas.outsider().get(f"/abroad/checkouts/{checkout_id}/{page}").status_code == 404
        assert personas.client("gate_supervisor").get(f"/home/checkouts/{checkout_id}/{page}").status_code == 403
    accountant = personas.client("accountant")
    assert accountant.get(f"/home/checkouts/{checkout_id}/receipt").status_code == 200
    assert accountant.post(f"/home/checkouts/{checkout_id}/invoice/prints").status_code == 403


def test_a_free_sale_has_a_slip_without_a_number(home, clerk):
    line = rows(CheckoutLine).get(sell(put_on(Sold(price_cents=0)))[0].checkout_line_id)
    page = bare(clerk.get(f"/home/checkouts/{line.checkout_id}/receipt").text)
    assert "Receipt" in page
    assert "R1" not in page
    assert clerk.post(f"/home/checkouts/{line.checkout_id}/invoice/prints").status_code == 404
    assert rows(Invoice).count() == 0
