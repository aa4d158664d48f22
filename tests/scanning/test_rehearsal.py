"""A rehearsal: everything works and says so, nothing costs anything, no figure counts it, and the mark is settled."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.checkout.programme import Sold, sell
from tests.checkout.programme import put_on as sale
from tests.personas import Personas
from tests.scanning.evening import Evening
from tests.scanning.test_scan import inside
from tests.scanning.truth import untrue
from tests.selling.checking import violations
from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.ledger.entry import JournalEntry
from voelgoed.payments.payment import Payment
from voelgoed.scanning.scan import Scan
from voelgoed.selling.invoice import Invoice


@pytest.fixture
def rehearsal(evening: Evening) -> Evening:
    """The evening as a rehearsal: all of it free."""
    with evening.house.scope("manager"):
        for one in rows(TicketType):
            one.price_cents = 0
        db.session.flush()
        rows(Event).get(evening.event_id).rehearsal = True
        commit()
    return evening


def change(evening: Evening, personas: Personas, **said: str) -> Any:
    data = {"name": "Tonight", "on_sale": "true", **said}
    return personas.client("manager").post(f"/home/events/{evening.event_id}", data=data)


def test_everything_works_and_says_that_it_is_one(rehearsal: Evening, personas: Personas) -> None:
    phone, code = rehearsal.phone(), rehearsal.code()
    assert phone.scan(code)["verdict"] == "admitted"
    assert inside(rehearsal) == (1, 1)
    assert untrue(rehearsal.house) == []
    here, headers = f"/home/events/{rehearsal.event_id}", {"Authorization": f"Bearer {phone.token}"}
    for page in ("", "/live", "/wall", "/phones", "/till", "/conflicts", "/blocks"):
        assert "badge rehearsal" in personas.client("manager").get(here + page).text, page
    assert "badge note" in personas.client("manager").get("/home/live").text
    heard = phone.client.post("/api/v1/devices/heartbeat", json={}, headers=headers).json
    bundle = phone.client.get(f"/api/v1/events/{rehearsal.event_id}/bundle", headers=headers).json
    count = phone.client.get(f"/api/v1/events/{rehearsal.event_id}/occupancy", headers=headers).json
    assert (heard["event"]["rehearsal"], bundle["event"]["rehearsal"], count["rehearsal"]) == (True, True, True)


def test_what_is_no_rehearsal_does_not_say_so(evening: Evening, personas: Personas) -> None:
    assert "rehearsal" not in personas.client("manager").get(f"/home/events/{evening.event_id}/live").text.lower()


def test_a_ticket_of_one_says_so_on_paper(rehearsal: Evening, personas: Personas) -> None:
    ticket, _ = rehearsal.tickets()[0]
    assert "Rehearsal</p>" in personas.client("box_office").get(f"/home/tickets/{ticket}/print").text


def test_nothing_of_it_costs_anything(evening: Evening, personas: Personas) -> None:
    priced = change(evening, personas, rehearsal="true")
    assert (priced.status_code, "make its ticket types free" in priced.text) == (422, True)
    with evening.house.scope("manager"):
        for one in rows(TicketType):
            one.price_cents = 0
        commit()
    assert change(evening, personas, rehearsal="true").status_code == 303
    with evening.house.scope("manager"):
        rows(TicketType).first().price_cents = 1
        with pytest.raises(IntegrityError, match="nothing costs anything"):
            db.session.flush()
        rollback()
    assert change(evening, personas).status_code == 303  # nothing has happened in it: it may be a real one yet


@pytest.mark.parametrize("happens", ["a ticket", "a scan"])
def test_the_mark_is_settled_by_the_first_that_happens(evening: Evening, personas: Personas, happens: str) -> None:
    for one in ("true", ""):
        with evening.house.scope("manager"):
            for kind in rows(TicketType):
                kind.price_cents = 0
            commit()
        assert change(evening, personas, **({"rehearsal": one} if one else {})).status_code == 303
    if happens == "a ticket":
        evening.code()
    else:
        evening.phone().scan("VG1.NOTHING")
    late = change(evening, personas, rehearsal="true")
    assert (late.status_code, "it stays what it is" in late.text) == (422, True)
    with evening.house.scope():
        assert rows(Event).get(evening.event_id).rehearsal is False


def test_a_copy_rehearses_an_event_for_nothing(evening: Evening, personas: Personas) -> None:
    data = {"name": "Dry run", "date": "2027-03-06", "rehearsal": "true"}
    made = personas.client("manager").post(f"/home/events/{evening.event_id}/copy", data=data)
    assert made.status_code == 303
    with evening.house.scope():
        copy = rows(Event).filter_by(name="Dry run").one()
        assert copy.rehearsal is True
        assert {one.price_cents for one in rows(TicketType) if one.event_id == copy.id} == {0}


def test_it_is_never_deleted(rehearsal: Evening) -> None:
    rehearsal.phone().scan(rehearsal.code())
    with rehearsal.house.scope("manager"):
        db.session.delete(rows(Event).get(rehearsal.event_id))
        with pytest.raises(IntegrityError):
            db.session.flush()
        rollback()
        assert rows(Scan).count() == 1


def test_a_sale_of_one_is_whole_and_moves_no_money(app: Flask, personas: Personas) -> None:
    with personas.home.scope("box_office"):
        dry = sale(Sold(price_cents=0), name="Dry")
        rows(Event).get(dry.event_id).rehearsal = True
        commit()
        assert len(sell(dry, 2)) == 2
        assert (rows(JournalEntry).count(), rows(Payment).count(), rows(Invoice).count()) == (0, 0, 0)
    assert violations() == {}
