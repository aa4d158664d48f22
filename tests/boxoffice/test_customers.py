"""Customers: optional, found again while typing, on the sale and its tickets, masked in the trail."""

from uuid import uuid4

import pytest

from tests.checkout.programme import Sold, hold, pay, put_on
from voelgoed.checkout.checkout import Checkout, Customer
from voelgoed.checkout.customers import find_customers, new_customer
from voelgoed.foundation import waiting
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.ticketing.ticket import Ticket


@pytest.fixture
def programme(personas, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    with personas.home.scope():
        return put_on(Sold("Adult", capacity=20))


def sell_to(client, programme, customer_id):
    body = {"lines": [{"ticket_type_id": str(programme.types["Adult"]), "quantity": 1}], "key": str(uuid4()),
            "customer_id": customer_id}  # fmt: skip
    return client.post(f"/home/events/{programme.event_id}/checkouts", json=body)


def test_found_by_the_beginning_of_name_address_or_phone(personas):
    with personas.home.scope():
        for name in ("Naledi Mokoena", "Nana", "Thabo"):
            new_customer(name, f"{name[:2]}@Example.org", "+27 82 123 4567" if name == "Nana" else None)
        commit()
        found = {typed: [one.name for one in find_customers(typed)] for typed in
                 ("NAL", "na", "th@ex", "+27 (82)", "n", "mokoena", "%", "\0na")}  # fmt: skip
    assert found == {"NAL": ["Naledi Mokoena"], "na": ["Nana", "Naledi Mokoena"],
                     "th@ex": ["Thabo"], "+27 (82)": ["Nana"], "n": [], "mokoena": [], "%": [],
                     "\0na": ["Nana", "Naledi Mokoena"]}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field", "kept"),
    [("Søren Naudé", "name", "Søren Naudé"), ("082 123 4567", "phone", "0821234567"), ("s@x.org", "email", "s@x.org")],
)
def test_one_line_says_who_buys_and_the_ticket_names_them(personas, programme, typed, field, kept):
    clerk = personas.client("box_office")
    made = clerk.post("/home/customers", json={"typed": typed})
    assert (made.status_code, made.json["name"]) == (201, kept)
    over = clerk.get(f"/home/events/{programme.event_id}/holds?over=till&q={typed[:4]}", headers={"HX-Request": "true"})
    assert made.json["id"] in over.text
    held = sell_to(clerk, programme, made.json["id"]).json
    money = {"payments": [{"gateway": "cash", "amount_cents": 35000}]}
    assert clerk.post(f"/home/checkouts/{held['id']}/complete", json=money).status_code == 200
    with personas.home.scope():
        assert getattr(rows(Customer).one(), field) == kept
        assert rows(Ticket).one().holder == (kept if field == "name" else None)
        assert rows(AuditEntry).filter_by(object="customer").count() == 1
        assert kept not in str(rows(AuditEntry).filter_by(object="customer").one().changes)
    assert kept in clerk.get(f"/home/sales/{held['id']}").text


def test_named_and_corrected_on_the_sale(personas, programme):
    clerk = personas.client("box_office")
    with personas.home.scope("box_office"):
        sale_id = hold(programme)
        pay(sale_id)
    page = f"/home/sales/{sale_id}/customer"
    assert "No customer named" in clerk.get(f"/home/sales/{sale_id}").text
    for wrong in ({}, {"phone": "call me"}, {"email": "nobody"}, {"name": "x" * 121}):
        assert clerk.post(page, data=wrong).status_code == 422
    assert clerk.post(page, data={"name": "Naledi", "phone": "082 1"}).status_code == 303
    assert clerk.post(page, data={"name": "Naledi M", "phone": ""}).status_code == 303
    assert "Naledi M" in clerk.get(page).text
    with personas.home.scope():
        assert [(one.name, one.phone) for one in rows(Customer)] == [("Naledi M", None)]
    for role in ("accountant", "auditor"):
        assert "Naledi" not in personas.client(role).get(f"/home/sales/{sale_id}").text.replace("holder", "")


@pytest.mark.parametrize("role", ["gate_supervisor", "accountant", "auditor"])
def test_who_may_not_find_customers(personas, programme, role):
    with personas.home.scope("box_office"):
        sale_id = hold(programme)
    colleague = personas.client(role)
    assert colleague.post("/home/customers", json={"typed": "Naledi"}).status_code == 403
    assert colleague.get(f"/home/sales/{sale_id}/customer").status_code == 403
    assert colleague.post(f"/home/sales/{sale_id}/customer", data={"name": "N"}).status_code == 403


def test_an_outsider_finds_no_customer(personas, programme):
    with personas.home.scope("box_office"):
        mine = str(new_customer("Naledi").id)
        sale_id = hold(programme)
        commit()
    outsider = personas.outsider()
    with personas.abroad.scope():
        theirs = put_on()
        assert list(find_customers("naledi")) == []
    body = {"lines": [{"ticket_type_id": str(theirs.types["Adult"]), "quantity": 1}], "key": str(uuid4()),
            "customer_id": mine}  # fmt: skip
    assert outsider.post(f"/abroad/events/{theirs.event_id}/checkouts", json=body).status_code == 404
    over = f"/abroad/events/{theirs.event_id}/holds?over=till&q=nal"
    assert mine not in outsider.get(over, headers={"HX-Request": "true"}).text
    for slug in ("home", "abroad"):
        assert outsider.get(f"/{slug}/sales/{sale_id}/customer").status_code == 404
        assert outsider.post(f"/{slug}/sales/{sale_id}/customer", data={"name": "N"}).status_code == 404
    with personas.home.scope():
        assert rows(Checkout).one().customer_id is None
