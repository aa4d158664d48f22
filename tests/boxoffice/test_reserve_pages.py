"""The pages of reserve books: made and printed by a manager, keyed in by a clerk, closed; whom they are not for."""

import io
import re
from uuid import uuid4

import pytest
from pypdf import PdfReader

from tests.scanning.evening import put_on
from tests.selling.checking import violations
from voelgoed.catalog.ticket_type import Pool, TicketType
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.payment import Payment
from voelgoed.selling.reserve import ReserveBook, ReserveClosure, ReserveSold
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.ticket import Ticket, TicketPrint, TicketVoid


def bare(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def evening(app, personas):
    made = put_on(app, personas.home)
    with personas.home.scope():
        rows(TicketType).get(made.types["Adult"]).price_cents = 10000
        commit()
    return made


def make(personas, evening, quantity=8):
    said = {"ticket_type_id": str(evening.types["Adult"]), "quantity": quantity, "key": str(uuid4())}
    made = personas.client("manager").post(f"/home/events/{evening.event_id}/reserve-books", data=said)
    assert made.status_code == 303, bare(made.text)
    return re.search(r"/reserve-books/([0-9a-f-]+)/print", made.headers["Location"])[1]


def stubs(first, last, **more):
    return {"first": first, "last": last, "key": str(uuid4())} | more


def test_a_manager_prints_a_book_with_stubs_and_the_second_print_says_copy(personas, evening):
    book_id = make(personas, evening)
    manager, path = personas.client("manager"), f"/home/reserve-books/{book_id}"
    shown = manager.get(f"{path}/print").text
    assert (shown.count('class="stub"'), shown.count('class="qr"'), "copy" in bare(shown)) == (8, 8, False)
    drawn = manager.post(f"{path}/pdf")
    pages = PdfReader(io.BytesIO(drawn.data)).pages
    told = "\n".join(page.extract_text() for page in pages)
    assert (drawn.mimetype, len(pages), told.count("Seller"), "COPY" in told) == ("application/pdf", 2, 8, False)
    assert ("R100.00" in told, "Book 1, Adult" in told) == (True, True)
    assert "copy" in bare(manager.get(f"{path}/print").text)
    assert manager.post(f"{path}/prints").status_code == 303
    with personas.home.scope():
        assert (rows(TicketPrint).count(), rows(Pool).filter(Pool.taken == 8).count()) == (16, 1)
    listed = bare(personas.client("accountant").get(f"/home/events/{evening.event_id}/reserve-books").text)
    assert ("8 printed · 0 sold · 0 void · 8 open" in listed, "A new book" in listed) == (True, False)


def test_what_was_sold_on_paper_is_keyed_in_and_the_rest_is_closed(personas, evening):
    book_id = make(personas, evening)
    clerk, manager, path = personas.client("box_office"), personas.client("manager"), f"/home/reserve-books/{book_id}"
    with personas.home.scope():
        codes = [code_of(one) for one in rows(Ticket).order_by(Ticket.number)]
    phone = evening.phone()
    assert [phone.scan(codes[place])["verdict"] for place in (0, 6)] == ["admitted", "admitted"]
    assert "2 tickets admitted, not keyed in: R200.00" in bare(clerk.get(path).text)
    said = stubs("A-000001", "5", unsold="4", spoilt="3")
    figures = clerk.post(f"{path}/sales", data=said)
    assert ("Key in R300.00" in bare(figures.text), figures.status_code) == (True, 200)
    with personas.home.scope():
        assert rows(ReserveSold).count() == 0
    places = {clerk.post(f"{path}/sales", data=said | {"sure": "true"}).headers["Location"] for _ in range(2)}
    sale = places.pop()
    assert not places
    assert "A-000001" in bare(clerk.get(clerk.get(sale).text.split('receipt"')[0].rsplit('"', 1)[-1] + "receipt").text)
    again = clerk.post(f"{path}/sales", data=stubs("5", "6"))
    assert (again.status_code, "Keyed in already" in bare(again.text)) == (409, True)
    foreign = clerk.post(f"{path}/sales", data=stubs("Q-1", "99", gateway="card"))
    assert (foreign.status_code, "no event here" in foreign.text, "slip" in foreign.text) == (422, True, True)
    assert "1 ticket admitted, not keyed in: R100.00" in bare(manager.get(f"{path}/close").text)
    assert manager.post(f"{path}/closures", data={"reason": ""}).status_code == 422
    assert manager.post(f"{path}/closures", data={"reason": "Network is back"}).status_code == 303
    after = bare(manager.get(path).text)
    assert "3 tickets never sold, void" in after
    assert "1 ticket admitted, not keyed in" in after
    assert evening.phone().scan(codes[7])["verdict"] == "void"
    assert clerk.post(f"{path}/sales", data=stubs("7", "7", sure="true")).status_code == 303
    with personas.home.scope():
        assert [one.amount_cents for one in rows(Payment).order_by(Payment.id)] == [30000, 10000]
        assert (rows(TicketVoid).count(), rows(ReserveClosure).one().missing) == (4, 1)
        assert rows(AuditEntry).filter(AuditEntry.reason == "keyed in from reserve book 1").count() == 4
        assert violations() == {}


def test_others_make_print_key_in_and_close_nothing(personas, evening):
    book_id = make(personas, evening)
    books, path = f"/home/events/{evening.event_id}/reserve-books", f"/home/reserve-books/{book_id}"
    said = {"ticket_type_id": str(evening.types["Adult"]), "quantity": 2}
    writes = ((books, said), (f"{path}/prints", {}), (f"{path}/pdf", {}), (f"{path}/closures", {"reason": "x"}))
    for role in ("box_office", "accountant", "gate_supervisor", "auditor"):
        client = personas.client(role)
        assert {client.post(where, data=data).status_code for where, data in writes} == {403}
        assert {client.get(f"{path}/{page}").status_code for page in ("print", "close")} == {403}
    for role in ("accountant", "auditor"):
        assert personas.client(role).get(path).status_code == 200
        assert personas.client(role).post(f"{path}/sales", data=stubs("1", "2")).status_code == 403
    assert personas.client("gate_supervisor").get(path).status_code == 403
    outsider = personas.outsider()
    for slug in ("home", "abroad"):
        for where, data in (*writes, (f"{path}/sales", stubs("1", "2"))):
            assert outsider.post(where.replace("/home/", f"/{slug}/"), data=data).status_code == 404
        for page in ("", "/print", "/close"):
            assert outsider.get(f"/{slug}/reserve-books/{book_id}{page}").status_code == 404
        assert outsider.get(books.replace("/home/", f"/{slug}/")).status_code == 404
    with personas.home.scope():
        assert (rows(ReserveBook).count(), rows(ReserveSold).count(), rows(ReserveClosure).count()) == (1, 0, 0)
