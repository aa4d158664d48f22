"""Group sales: up to 500 tickets with their names, one payment over any tenders, one invoice, one file."""

import io
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import zxingcpp
from pypdf import PdfReader
from sqlalchemy import select

from tests.checkout.programme import Sold, put_on, taken
from tests.payments.processors import processors
from tests.selling.checking import violations
from tests.selling.online import carried, set_up
from tests.tills.people import give_pin
from voelgoed.boxoffice.group_names import Seats, read_names
from voelgoed.boxoffice.paper_file import PaperFile, draw
from voelgoed.checkout.checkout import Checkout, CheckoutAttempt
from voelgoed.checkout.clerk_discount import ClerkDiscount
from voelgoed.foundation import waiting
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.workflow import Done
from voelgoed.payments.payment import Payment
from voelgoed.selling import complete as completing
from voelgoed.selling.group_sale import GroupSale
from voelgoed.selling.invoice import Invoice, InvoiceRecipient
from voelgoed.selling.paying import payer_page
from voelgoed.ticketing.codes import codes_of
from voelgoed.ticketing.ticket import Ticket

__all__ = ["processors"]

SCHOOL = "Laerskool Koelenhof"


@pytest.fixture
def programme(personas, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    with personas.home.scope():
        own = db.session.scalars(select(Organization)).one()
        own.vat_vendor, own.vat_number = True, "4012345678"
        return put_on(Sold("Child", price_cents=10000, capacity=450), Sold("Adult", capacity=60), days=3)


def said(programme, children=3, adults=1, **more):
    return {"group_name": SCHOOL, "contact": "Thandi Nkosi", "email": "office@koelenhof.test", "phone": "021 865 2222",
            "address": "Kromme Rhee 1\nKoelenhof", "vat_number": "4123456789", "names": "", "key": str(uuid4()),
            f"n-{programme.types['Child']}": str(children),
            f"n-{programme.types['Adult']}": str(adults)} | more  # fmt: skip


def held(client, programme, *args, **more):
    answer = client.post(f"/home/events/{programme.event_id}/group-sales", data=said(programme, *args, **more))
    assert answer.status_code == 303, re.findall(r'class="error".*?</p>', answer.text, re.DOTALL)
    return answer.location


def pay(client, at, **form):
    return client.post(f"{at}/payments", data=form)


def test_a_class_is_held_priced_paid_and_gets_one_invoice_and_its_names(personas, programme):
    clerk = personas.client("box_office")
    asked = said(programme, names="Naledi Mokoena\n\nThabo  Nkosi\nPieter van Wyk, Adult")
    for _ in range(2):  # the same key holds once
        answer = clerk.post(f"/home/events/{programme.event_id}/group-sales", data=asked)
        assert answer.status_code == 303
    at = answer.location
    page = clerk.get(at).text
    assert "R650.00" in page
    assert "3 of 4 tickets" in page
    with personas.home.scope():
        assert taken(programme) == {"Child 0": 3, "Adult 0": 1}
        trail = [str(one.changes) for one in rows(AuditEntry).filter_by(object="group_sale")]
        assert trail
        assert not any("Naledi" in one or "Koelenhof" in one for one in trail)
    done = pay(clerk, at, way="card", slip="4711")
    assert (done.status_code, done.location) == (303, at)
    again = pay(clerk, at, way="card", slip="4711")
    assert again.status_code == 303
    paid = clerk.get(at).text
    assert "One PDF of 4 tickets" in paid
    assert f"to {SCHOOL}" in paid
    with personas.home.scope():
        tickets = rows(Ticket).order_by(Ticket.number).all()
        assert sorted(one.holder for one in tickets) == sorted(
            ["Naledi Mokoena", "Thabo Nkosi", SCHOOL, "Pieter van Wyk"]
        )
        adult = next(one for one in tickets if one.ticket_type_id == programme.types["Adult"])
        assert adult.holder == "Pieter van Wyk"
        assert rows(GroupSale).one().names is None
        invoice, to = rows(Invoice).one(), rows(InvoiceRecipient).one()
        assert (invoice.kind, invoice.total_cents) == ("tax_invoice", 65000)
        assert (to.name, to.address, to.vat_number) == (SCHOOL, "Kromme Rhee 1\nKoelenhof", "4123456789")
        assert [(one.gateway, one.amount_cents) for one in rows(Payment)] == [("card", 65000)]
        sale = rows(Checkout).one()
        assert (sale.channel, sale.customer.name, sale.customer.phone) == ("group", f"{SCHOOL}, Thandi Nkosi",
                                                                           "0218652222")  # fmt: skip
    assert clerk.get(f"/home/checkouts/{sale.id}/papers.pdf").data.startswith(b"%PDF")
    mail = clerk.get(f"/home/checkouts/{sale.id}/mail").text
    assert "office@koelenhof.test" in mail
    assert violations() == {}


def test_more_than_a_till_sells_are_sold_at_once_and_their_file_is_drawn_by_a_job(personas, programme):
    clerk = personas.client("box_office")
    at = held(clerk, programme, 160, 60)
    assert pay(clerk, at, way="cash", tendered="37000").status_code == 303
    page = clerk.get(at).text
    assert "One PDF of 220 tickets" in page
    assert "R0.00" not in page
    with personas.home.scope():
        assert rows(Ticket).count() == 220
        sale_id, file_id = rows(Checkout).one().id, rows(PaperFile).one().id
    papers = clerk.get(f"/home/checkouts/{sale_id}/papers")
    assert 'hx-trigger="every' in papers.text
    with personas.home.scope():
        draw(file_id)
        commit()
    drawn = clerk.get(f"/home/checkouts/{sale_id}/papers", headers={"HX-Request": "true"}).text
    assert "papers.pdf" in drawn
    assert "hx-trigger" not in drawn
    whole = clerk.get(f"/home/checkouts/{sale_id}/papers.pdf").data
    assert len(re.findall(rb"/Type /Page\b", whole)) == 1 + 28  # an invoice, and eight tickets to a sheet
    first = PdfReader(io.BytesIO(whole)).pages[1]
    read = {found.text for image in first.images for found in zxingcpp.read_barcodes(image.image.convert("L"))}
    with personas.home.scope():
        eight = rows(Ticket).order_by(Ticket.number).limit(8).all()
        assert read == set(codes_of(eight).values())
    above = clerk.post(f"/home/events/{programme.event_id}/group-sales", data=said(programme, 500, 1))
    assert (above.status_code, "At most 500" in above.text) == (422, True)
    assert violations() == {}


def test_it_is_paid_in_several_ways_of_which_cash_takes_the_rest(personas, programme):
    clerk = personas.client("box_office")
    at = held(clerk, programme, 10, 0)
    split = {"way": "several", "first": "400", "first_slip": "11", "second": "250.50", "second_slip": "12"}
    assert "The amount and the number" in pay(clerk, at, **split | {"first_slip": ""}).text
    assert "more than the sale" in pay(clerk, at, **split | {"first": "900"}).text
    short = pay(clerk, at, **split, rest="300")
    assert (short.status_code, "less than what is due" in short.text) == (422, True)
    assert "looks like a card" in pay(clerk, at, way="card", slip="4111111111111111").text
    assert pay(clerk, at, **split, rest="400").status_code == 303
    assert "R50.50" in clerk.get(at).text  # the change
    with personas.home.scope():
        found = sorted((one.gateway, one.amount_cents) for one in rows(Payment))
        assert found == [("card", 25050), ("card", 40000), ("cash", 34950)]
        assert rows(Invoice).count() == 1
    assert violations() == {}


def test_a_hold_becomes_a_group_sale_as_it_was_kept_or_with_other_numbers(personas, programme):
    clerk = personas.client("box_office")
    until = (datetime.now(UTC) + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M")
    child = f"n-{programme.types['Child']}"
    for name in ("Laerskool A", "Laerskool B"):
        kept = {"name": name, "until": until, "key": str(uuid4()), child: "40"}
        assert clerk.post(f"/home/events/{programme.event_id}/holds", data=kept).status_code == 303
    with personas.home.scope():
        first, second = (str(one.id) for one in rows(Checkout).order_by(Checkout.id))
    assert f"from={first}" in clerk.get(f"/home/events/{programme.event_id}/holds").text
    form = clerk.get(f"/home/events/{programme.event_id}/group-sale?from={first}").text
    assert 'value="Laerskool A"' in form
    assert 'value="40"' in form
    assert f'name="replaces" value="{first}"' in form
    same = held(clerk, programme, 40, 0, replaces=first)
    other = held(clerk, programme, 45, 2, replaces=second)
    assert same.endswith(first)
    assert not other.endswith(second)
    with personas.home.scope():
        assert taken(programme) == {"Child 0": 85, "Adult 0": 2}
    for at in (same, other):
        assert pay(clerk, at, way="card", slip="1").status_code == 303
    assert "Nothing is kept" in clerk.get(f"/home/events/{programme.event_id}/holds").text
    assert violations() == {}


def test_it_is_changed_given_up_and_begun_again(personas, programme):
    clerk = personas.client("box_office")
    at = held(clerk, programme, 5, 0, names="Naledi")
    sale_id = at.rsplit("/", 1)[1]
    form = clerk.get(f"/home/events/{programme.event_id}/group-sale?from={sale_id}").text
    assert all(one in form for one in (SCHOOL, "Naledi", "Kromme Rhee", f'value="{sale_id}"'))
    changed = held(clerk, programme, 6, 0, replaces=sale_id)
    with personas.home.scope():
        assert taken(programme)["Child 0"] == 6
    assert clerk.post(f"{changed}/release").status_code == 303
    assert "Not held any more" in clerk.get(changed).text
    with personas.home.scope():
        assert taken(programme)["Child 0"] == 0
    again = held(clerk, programme, 7, 0, replaces=changed.rsplit("/", 1)[1])  # its hold has ended: taken anew
    assert pay(clerk, again, way="card", slip="1").status_code == 303
    assert violations() == {}


@pytest.mark.parametrize(
    ("change", "words"),
    [({"children": 451}, "Left: 450 of Child"), ({"children": 0, "adults": 0}, "How many"),
     ({"group_name": ""}, "needed"),
     ({"vat_number": "123"}, "ten digits"), ({"phone": "call me"}, "Digits"), ({"email": "x"}, "e-mail address"),
     ({"code": "NONE"}, "not one of this event"), ({"names": "A\nB, Adlt"}, "Line 2: “Adlt” is no ticket type"),
     ({"names": "A\nB\nC\nD\nE"}, "Line 5: more names than the 4 tickets")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_held(personas, programme, change, words):
    answer = personas.client("box_office").post(
        f"/home/events/{programme.event_id}/group-sales", data=said(programme, **change)
    )
    assert (answer.status_code, words in answer.text) == (422, True)
    with personas.home.scope():
        assert rows(Checkout).count() == 0


def test_a_file_of_names_is_read_as_spreadsheets_write_it(personas, programme):
    clerk = personas.client("box_office")
    where = f"/home/events/{programme.event_id}/group-sales"
    wrong = said(programme) | {"file": (io.BytesIO("Name;Type\nZoë;Kind\n".encode("cp1252")), "names.csv")}
    refused = clerk.post(where, data=wrong, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "Line 2: “Kind” is no ticket type of this sale (Child, Adult)" in refused.text
    assert "Zoë;Kind" in refused.text
    right = said(programme) | {"file": (io.BytesIO("Name;Type\nZoë;child\n".encode("utf-8-sig")), "names.csv")}
    at = clerk.post(where, data=right, content_type="multipart/form-data").location
    pay(clerk, at, way="card", slip="1")
    with personas.home.scope():
        assert rows(Ticket).filter_by(holder="Zoë").count() == 1


def test_names_are_read_line_by_line():
    seats = [Seats(uuid4(), "Child", 2), Seats(uuid4(), "Adult", 1)]
    read = read_names('"Mokoena, Naledi"\n\tThabo \nAnn, adult\n', seats)
    assert list(read.names.values()) == [["Mokoena, Naledi", "Thabo"], ["Ann"]]
    assert read.errors == []
    full = read_names("A, Adult\nB, Adult\n" + "x" * 121, seats)
    assert read_names(";Child", seats).errors == ["Line 1: no name stands before the ticket type."]
    assert full.errors == ["Line 2: more names than the 1 tickets of Adult.",
                           "Line 3: a name has at most 120 characters of plain text."]  # fmt: skip
    many = read_names("\n".join(f"N{n}, Kind" for n in range(50)), seats)
    assert len(many.errors) == 21


def test_who_may_not_and_outsiders(personas, programme):
    clerk, at = personas.client("box_office"), None
    at = held(clerk, programme)
    where = f"/home/events/{programme.event_id}"
    for role in ("gate_supervisor", "accountant", "auditor"):
        colleague = personas.client(role)
        assert colleague.get(f"{where}/group-sale").status_code == colleague.get(at).status_code == 403
        assert colleague.post(f"{where}/group-sales", data=said(programme)).status_code == 403
        assert pay(colleague, at, way="card", slip="1").status_code == 403
        assert colleague.post(f"{at}/release").status_code == 403
    outsider, sale_id = personas.outsider(), at.rsplit("/", 1)[1]
    with personas.abroad.scope():
        theirs = put_on()
    for slug in ("home", "abroad"):
        assert outsider.get(f"/{slug}/events/{programme.event_id}/group-sale").status_code == 404
        assert outsider.get(f"/{slug}/group-sales/{sale_id}").status_code == 404
        assert pay(outsider, f"/{slug}/group-sales/{sale_id}", way="card", slip="1").status_code == 404
        assert outsider.post(f"/{slug}/group-sales/{sale_id}/release").status_code == 404
    stolen = {"group_name": "x", "key": str(uuid4()), "replaces": sale_id, f"n-{theirs.types['Adult']}": "1"}
    assert outsider.post(f"/abroad/events/{theirs.event_id}/group-sales", data=stolen).status_code == 404
    with personas.home.scope():
        assert taken(programme)["Child 0"] == 3
        assert rows(Ticket).count() == 0


def test_a_clerk_takes_something_off_within_the_limit_else_a_manager_by_pin(personas, programme):
    give_pin(personas.home, "manager", "7", "135790")
    with personas.home.scope():
        rows(Organization).one().box_office_discount_percent = 10
        commit()
    clerk, path = personas.client("box_office"), f"/home/events/{programme.event_id}/group-sales"
    less = {"percent": "10", "why": "A school next door"}
    page = clerk.get(held(clerk, programme, **less)).text  # 3 × R100 and R350
    assert ("R585.00" in page, "A school next door" in page) == (True, True)
    wrong = {"percent": "10", "off": "5"}, {"off": "5"}, {"percent": "101", "why": "All"}, {"off": "-1", "why": "More"}
    assert [clerk.post(path, data=said(programme, **one)).status_code for one in wrong] == [422] * 4
    more = said(programme, off="65,01", why="Rain")
    asks = clerk.post(path, data=more)
    assert (asks.status_code, "You may take 10 % off" in asks.text, 'name="pin"' in asks.text) == (422, True, True)
    guessed = clerk.post(path, data=more | {"staff_number": "7", "pin": "000000"})
    assert (guessed.status_code, "000000" in guessed.text) == (422, False)
    with personas.home.scope():
        assert rows(Checkout).count() == 1
    done = clerk.post(path, data=more | {"staff_number": "7", "pin": "135790"})
    assert "approved by manager of home" in clerk.get(done.location).text
    pay(clerk, done.location, way="card", slip="4711")
    with personas.home.scope():
        kept = rows(ClerkDiscount).order_by(ClerkDiscount.id.desc()).first()
        assert (kept.off_cents, kept.approved_by, rows(Payment).one().amount_cents) == (6501, "manager of home", 58499)
        made = rows(AuditEntry).filter_by(object="checkout").order_by(AuditEntry.id.desc()).all()
        assert any(one.reason == "discount: Rain, approved by manager of home" for one in made)
    assert violations() == {}


def test_the_group_pays_online_on_a_phone_of_its_own(personas, programme, processors, monkeypatch):
    monkeypatch.setattr(completing, "PATIENCE", completing.LOOK)  # no worker runs here: the page comes at once
    clerk, home = personas.client("box_office"), personas.home
    with home.scope("manager"):
        shop = set_up(processors, "paystack")
    at = held(clerk, programme)
    for way in ({"way": "paystack"}, {"way": "paystack"}):  # pressed twice it is asked for once
        assert pay(clerk, at, **way).status_code == 303
    with home.scope("box_office"):
        run_id = rows(CheckoutAttempt).one().run_id
        assert carried(run_id) is None
        url = payer_page(rows(Checkout).one().id)
        rollback()
    waits = clerk.get(at).text
    assert ("Being paid" in waits, "payer-code" in waits, "R650.00 by card" in waits) == (True, True, False)
    shop.at.visit(url, "pay")
    with home.scope("box_office"):
        assert isinstance(carried(run_id, looks=3), Done)
    paid = clerk.get(at).text
    assert ("One PDF of 4 tickets" in paid, f"to {SCHOOL}" in paid) == (True, True)
    assert shop.at.moved() == [("charge", 65000)]
    with home.scope():
        assert [(one.gateway, one.amount_cents) for one in rows(Payment)] == [("paystack", 65000)]
    assert violations() == {}
