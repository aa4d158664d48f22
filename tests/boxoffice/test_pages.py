"""The box office's pages: who sees them, what they say, and what is done from them."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.checkout.programme import Sold, hold, pay, put_on, sell, taken
from tests.selling.checking import violations
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.open import Buyer
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.ticketing import entered
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.ticket import Reissue, Ticket, TicketPrint, TicketVoid


class Evening:
    """An event with one sale of two tickets, of which the pages tell."""

    def __init__(self, personas):
        with personas.home.scope("box_office"):
            self.programme = put_on(Sold(price_cents=23000, capacity=30), Sold("Sold out", capacity=1))
            self.checkout_id = hold(self.programme, 2, buyer=Buyer("Zoë <b>Übel</b>"))
            pay(self.checkout_id, 50000)
            sell(self.programme, 1, "Sold out")
            self.tickets = [one.id for one in rows(Ticket).order_by(Ticket.number).limit(2)]
            self.serials = [rows(Ticket).get(one).serial for one in self.tickets]
            self.codes = [code_of(rows(Ticket).get(one)) for one in self.tickets]

    @property
    def pages(self):
        ticket, sale, event = self.tickets[0], self.checkout_id, self.programme.event_id
        return {
            "till": f"/events/{event}/till", "types": f"/events/{event}/till/types", "sales": f"/events/{event}/sales",
            "sale": f"/sales/{sale}", "receipt": f"/checkouts/{sale}/receipt", "codes": f"/checkouts/{sale}/codes",
            "print sale": f"/checkouts/{sale}/print?format=a4", "ticket": f"/tickets/{ticket}",
            "print": f"/tickets/{ticket}/print?format=slip", "picture": f"/tickets/{ticket}/qr.png",
        }  # fmt: skip


@pytest.fixture
def evening(personas):
    return Evening(personas)


@pytest.fixture
def clerk(personas, evening):
    return personas.client("box_office")


def test_every_page_is_the_clerks_and_no_outsiders(personas, evening, clerk):
    outsider = personas.outsider()
    for name, path in evening.pages.items():
        assert clerk.get(f"/home{path}").status_code == 200, name
        assert outsider.get(f"/home{path}").status_code == 404, name
        assert outsider.get(f"/abroad{path}").status_code == 404, name
        assert clerk.get(f"/home{path.replace(str(evening.tickets[0]), str(uuid4()))}").status_code in (200, 404)


def test_who_may_not_sell_sees_sales_but_no_till_and_no_codes(personas, evening):
    seen = {
        role: {
            name for name, path in evening.pages.items() if personas.client(role).get(f"/home{path}").status_code == 200
        }
        for role in ("accountant", "auditor", "gate_supervisor")
    }
    assert seen == {
        "accountant": {"sales", "sale", "receipt"},
        "auditor": {"sales", "sale", "receipt", "ticket"},
        "gate_supervisor": {"ticket"},
    }
    path = f"/home{evening.pages['ticket']}"
    assert 'class="qr"' in personas.client("box_office").get(path).text
    assert 'class="qr"' not in personas.client("auditor").get(path).text


def test_the_till_opens_the_one_event_that_is_on(clerk, evening, personas):
    answer = clerk.get("/home/till")
    assert answer.headers["Location"].endswith(f"/events/{evening.programme.event_id}/till")
    with personas.home.scope():
        put_on(name="Another")
    shown = clerk.get("/home/till").text
    assert "Somernagte" in shown
    assert "Another" in shown


def test_the_till_shows_what_is_left(clerk, evening):
    shown = clerk.get(f"/home/events/{evening.programme.event_id}/till").text
    assert "28 left" in shown
    assert "sold out" in shown
    assert "R230.00" in shown


def test_a_ticket_is_found_and_a_scanned_code_opens_it(clerk, evening):
    assert evening.serials[0] in clerk.get("/home/find", query_string={"q": evening.serials[0]}).text
    by_name = clerk.get("/home/find", query_string={"q": "zoë"}, headers={"HX-Request": "true"}).text
    assert all(serial in by_name for serial in evening.serials)
    assert "<html" not in by_name
    assert "<b>Übel" not in by_name
    scanned = clerk.get("/home/find", query_string={"q": evening.codes[1]})
    assert scanned.headers["Location"].endswith(f"/tickets/{evening.tickets[1]}")
    assert "Nothing fits" in clerk.get("/home/find", query_string={"q": "A-999999"}).text


def test_the_second_slip_says_copy(clerk, evening, personas):
    path = f"/home/tickets/{evening.tickets[0]}"
    for _ in range(2):
        assert 'class="copy"' not in clerk.get(f"{path}/print?format=slip").text
    assert clerk.post(f"{path}/prints", data={"format": "slip"}).status_code == 303
    assert 'class="copy"' in clerk.get(f"{path}/print?format=slip").text
    assert 'class="copy"' in clerk.get(f"{path}/print?format=a4").text
    both = clerk.get(f"/home/checkouts/{evening.checkout_id}/print").text
    assert both.count('class="copy"') == 1
    clerk.post(f"/home/checkouts/{evening.checkout_id}/prints", data={"format": "a4"})
    with personas.home.scope():
        assert rows(TicketPrint).count() == 3
    assert clerk.get(f"{path}/print?format=poster").status_code == 422


def test_the_paper_names_what_the_law_asks(clerk, evening):
    for paper in ("slip", "a4"):
        shown = clerk.get(f"/home/checkouts/{evening.checkout_id}/print?format={paper}").text
        for said in ("Somernagte", "Concert", "Oewerpark", "Kerk Street 1", "R230.00", "Home", *evening.serials):
            assert said in shown, said
        assert not any(code in shown for code in evening.codes)  # the code is drawn, never written


def test_the_receipt_adds_up(clerk, evening):
    page = clerk.get(f"/home/checkouts/{evening.checkout_id}/receipt").text
    shown = re.sub(r"\s+", " ", page[page.index("<article") :])
    for said in ("Receipt", "T3-R1", "R460.00", "R500.00", "R40.00"):
        assert said in shown, said
    assert "invoice" not in shown.lower().split("</article>")[0]
    assert "VAT" not in shown


def test_the_codes_are_shown_large(clerk, evening):
    assert clerk.get(f"/home/checkouts/{evening.checkout_id}/codes").text.count('class="qr"') == 2


def test_a_reissue_wants_a_reason_and_is_kept(clerk, evening, personas):
    path = f"/home/tickets/{evening.tickets[0]}/reissues"
    for wrong in ({}, {"reason": "  "}, {"reason": "x" * 401}, {"reason": "a\0b"}, {"reason": "ok", "more": "1"}):
        assert clerk.post(path, data=wrong).status_code == 422, wrong
    assert clerk.post(path, data={"reason": "Die kaartjie is weg 🎟️ ë"}).status_code == 303
    with personas.home.scope():
        assert rows(Reissue).one().reason == "Die kaartjie is weg 🎟️ ë"
    assert personas.client("auditor").post(path, data={"reason": "no"}).status_code == 403
    assert personas.outsider().post(path.replace("/home/", "/abroad/"), data={"reason": "no"}).status_code == 404


def test_a_ticket_gets_another_holder_with_a_reason_that_the_trail_keeps(clerk, evening, personas):
    path = f"/home/tickets/{evening.tickets[0]}/holder"
    for wrong in ({}, {"holder": "Ané"}, {"holder": " ", "reason": "sold on"}, {"holder": "a\0b", "reason": "sold on"}):
        assert clerk.post(path, data=wrong).status_code == 422, wrong
    assert clerk.post(path, data={"holder": "Ané Müller", "reason": "given away"}).status_code == 303
    with personas.home.scope():
        ticket = rows(Ticket).get(evening.tickets[0])
        assert (ticket.holder, ticket.code_version) == ("Ané Müller", 1)
        entry = rows(AuditEntry).filter(AuditEntry.object_id == ticket.id).order_by(AuditEntry.id.desc()).first()
        assert entry.reason == "given away"
        assert "Müller" not in str(entry.changes)
    assert personas.client("auditor").post(path, data={"holder": "x", "reason": "no"}).status_code == 403
    stranger = personas.outsider().post(path.replace("/home/", "/abroad/"), data={"holder": "x", "reason": "no"})
    assert stranger.status_code == 404


def test_a_void_is_a_managers_or_within_the_clerks_limit(clerk, evening, personas, monkeypatch):
    monkeypatch.setattr(entered, "_askers", [])
    first, second = (f"/home/tickets/{one}/void" for one in evening.tickets)
    assert clerk.post(first, data={"reason": "wrong day"}).status_code == 403
    assert personas.client("auditor").post(first, data={"reason": "no"}).status_code == 403
    assert personas.outsider().post(first.replace("/home/", "/abroad/"), data={"reason": "no"}).status_code == 404
    manager = personas.client("manager")
    assert manager.post(first, data={"reason": ""}).status_code == 422
    assert manager.post(first, data={"reason": "wrong day"}).status_code == 303
    assert manager.post(first, data={"reason": "again"}).status_code == 409
    with personas.home.scope():
        own = db.session.scalars(select(Organization).where(Organization.id == personas.home.organization_id)).one()
        own.box_office_void_limit_cents = 23000
        commit()
    assert clerk.post(second, data={"reason": "rain"}).status_code == 303
    with personas.home.scope():
        assert {one.actor for one in rows(TicketVoid)} == {"manager of home", "box_office of home"}
        assert taken(evening.programme)["Adult 0"] == 0
    assert "rain" in clerk.get(f"/home/tickets/{evening.tickets[1]}").text
    assert "refunded" in clerk.get(f"/home/sales/{evening.checkout_id}").text
    assert violations() == {}


def test_sales_are_listed_by_number_a_page_at_a_time(clerk, evening, personas):
    with personas.home.scope("box_office"):
        held = rows(Checkout).get(evening.checkout_id)
        assert held.number == 1
    path = f"/home/events/{evening.programme.event_id}/sales"
    assert "R460.00" in clerk.get(path).text
    assert "No sale yet" in clerk.get(f"{path}?before=1").text
    for odd in ("0", "-1", "x", str(2**63), "1e9"):
        assert clerk.get(f"{path}?before={odd}").status_code == 200
