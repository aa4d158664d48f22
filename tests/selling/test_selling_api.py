"""Selling by a program: open, complete, read, give up, void; once under a key; within the token's role."""

from uuid import uuid4

import pytest

from tests.checkout.programme import Sold, put_on, taken
from tests.selling.checking import violations
from voelgoed.accounts.api_token import make
from voelgoed.accounts.membership import Membership
from voelgoed.foundation import waiting
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.payment import Payment, Refund
from voelgoed.ticketing.code import read
from voelgoed.ticketing.ticket import Ticket

CASH = {"payments": [{"gateway": "cash", "amount_cents": 46000, "tendered_cents": 50000}]}


class Caller:
    """A program with the token of a person."""

    def __init__(self, app, house, role):
        with house.scope(role):
            member = rows(Membership).filter(Membership.user_id == house.people[role]).one()
            _, self.token = make(member, "test", role)
            commit()
        self.client = app.test_client()

    def call(self, method, path, json=None, key=None):
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        return self.client.open(f"/api/v1{path}", method=method, json=json, headers=headers)


@pytest.fixture
def caller(app, personas, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)  # no worker runs here: the request does the work itself
    return lambda role="box_office", house=personas.home: Caller(app, house, role)


@pytest.fixture
def programme(personas):
    with personas.home.scope():
        return put_on(Sold(price_cents=23000, capacity=20, most=4))


def wanted(programme, quantity=2, **more):
    lines = [{"ticket_type_id": str(programme.types["Adult"]), "quantity": quantity}]
    return {"event_id": str(programme.event_id), "lines": lines} | more


def test_a_sale_by_a_program(caller, programme, personas):
    clerk = caller()
    buyer = {"name": "Naledi Dlamini", "email": "n@example.org", "phone": None}
    opened = clerk.call("POST", "/checkouts", wanted(programme, customer=buyer))
    assert (opened.status_code, opened.json["total_cents"]) == (201, 46000)
    path = f"/checkouts/{opened.json['id']}"
    assert clerk.call("GET", path).json["status"] == "open"
    paid = clerk.call("POST", f"{path}/complete", CASH, key="k")
    assert (paid.status_code, paid.json["status"], paid.json["change_cents"]) == (200, "paid", 4000)
    assert [read(one["code"]).content.ticket_id.hex for one in paid.json["tickets"]] == [
        one["id"].replace("-", "") for one in paid.json["tickets"]
    ]
    assert clerk.call("POST", f"{path}/complete", CASH, key="k").json == paid.json
    assert clerk.call("GET", path).json == paid.json
    with personas.home.scope():
        assert {one.holder for one in rows(Ticket)} == {"Naledi Dlamini"}
        assert rows(Payment).count() == 1
    assert violations() == {}


def test_opening_under_a_key_holds_once(caller, programme, personas):
    clerk = caller()
    first, again = (clerk.call("POST", "/checkouts", wanted(programme), key="open") for _ in range(2))
    assert first.json == again.json
    other = clerk.call("POST", "/checkouts", wanted(programme, 3), key="open")
    assert (other.status_code, other.json["type"]) == (422, "key_reused")
    colleague = caller("manager").call("POST", "/checkouts", wanted(programme), key="open")
    assert colleague.json["id"] != first.json["id"]
    with personas.home.scope():
        assert taken(programme) == {"Adult 0": 4}


def test_the_maximum_binds_programs(caller, programme):
    answer = caller().call("POST", "/checkouts", wanted(programme, 5))
    assert (answer.status_code, answer.json["type"], answer.json["maximum"]) == (409, "above_maximum", 4)


def test_a_hold_is_given_up(caller, programme, personas):
    clerk = caller()
    opened = clerk.call("POST", "/checkouts", wanted(programme)).json
    for _ in range(2):
        assert clerk.call("DELETE", f"/checkouts/{opened['id']}").json["status"] == "expired"
    with personas.home.scope():
        assert taken(programme) == {"Adult 0": 0}


def test_a_void_under_a_key_refunds_once(caller, programme, personas):
    manager = caller("manager")
    opened = manager.call("POST", "/checkouts", wanted(programme)).json
    sale = manager.call("POST", f"/checkouts/{opened['id']}/complete", CASH).json
    path = f"/tickets/{sale['tickets'][0]['id']}/void"
    assert caller().call("POST", path, {"reason": "rain"}).status_code == 403
    first, again = (manager.call("POST", path, {"reason": "rain"}, key="v") for _ in range(2))
    assert (first.status_code, first.json) == (200, again.json)
    assert manager.call("POST", path, {"reason": "rain"}).status_code == 409
    assert manager.call("POST", path, {"reason": "snow"}, key="v").status_code == 422
    with personas.home.scope():
        assert rows(Refund).count() == 1
    assert manager.call("GET", f"/checkouts/{opened['id']}").json["status"] == "paid"
    manager.call("POST", f"/tickets/{sale['tickets'][1]['id']}/void", {"reason": "rain"})
    assert manager.call("GET", f"/checkouts/{opened['id']}").json["status"] == "refunded"
    assert violations() == {}


def test_who_only_reads_sees_no_codes(caller, programme):
    clerk = caller()
    opened = clerk.call("POST", "/checkouts", wanted(programme)).json
    clerk.call("POST", f"/checkouts/{opened['id']}/complete", CASH)
    seen = caller("auditor").call("GET", f"/checkouts/{opened['id']}")
    assert [one["code"] for one in seen.json["tickets"]] == [None, None]
    assert caller("auditor").call("POST", "/checkouts", wanted(programme)).status_code == 403
    assert caller("gate_supervisor").call("GET", f"/checkouts/{opened['id']}").status_code == 403


def test_an_outsider_finds_nothing(caller, programme, personas):
    clerk, outsider = caller(), caller("owner", personas.abroad)
    opened = clerk.call("POST", "/checkouts", wanted(programme)).json
    for method, path, body in (
        ("POST", "/checkouts", wanted(programme)), ("GET", f"/checkouts/{opened['id']}", None),
        ("DELETE", f"/checkouts/{opened['id']}", None), ("POST", f"/checkouts/{opened['id']}/complete", CASH),
    ):  # fmt: skip
        assert outsider.call(method, path, body).status_code == 404, path
    sale = clerk.call("POST", f"/checkouts/{opened['id']}/complete", CASH).json
    assert outsider.call("POST", f"/tickets/{sale['tickets'][0]['id']}/void", {"reason": "x"}).status_code == 404
    assert clerk.call("GET", f"/checkouts/{opened['id']}").json["status"] == "paid"


@pytest.mark.parametrize(
    "more",
    [{"customer": {"name": "a\0b"}}, {"customer": {"email": "x" * 255}}, {"customer": {"age": 3}}, {"customer": []},
     {"event_id": "x"}, {"event_id": None}, {"lines": [{}]}, {"replaces": "x"}, {"unknown": 1}],
)  # fmt: skip
def test_a_wrong_order_is_refused_at_its_field(caller, programme, more):
    answer = caller().call("POST", "/checkouts", wanted(programme) | more)
    assert (answer.status_code, bool(answer.json["errors"])) == (422, True)


def test_every_alphabet_is_kept(caller, programme):
    for name in ("Søren 🎟️", "Müller-Lüdenscheidt", "ʼn Naam met ê", "محمد", "\u202eabc", "a'; DROP TABLE ticket;--"):
        assert caller().call("POST", "/checkouts", wanted(programme, customer={"name": name})).status_code == 201


def test_a_foreign_replacement_is_not_found(caller, programme):
    assert caller().call("POST", "/checkouts", wanted(programme, replaces=str(uuid4()))).status_code == 404


def test_a_refund_by_a_program_once_under_its_key(caller, programme, personas):
    manager = caller("manager")
    opened = manager.call("POST", "/checkouts", wanted(programme, 3))
    path = f"/checkouts/{opened.json['id']}"
    money = {"payments": [{"gateway": "cash", "amount_cents": 69000}]}
    assert manager.call("POST", f"{path}/refunds", {"reason": "too early"}).json["type"] == "not_paid"
    tickets = [one["id"] for one in manager.call("POST", f"{path}/complete", money).json["tickets"]]
    said = {"tickets": tickets[:1], "reason": "fell ill"}
    first = manager.call("POST", f"{path}/refunds", said, key="r1")
    assert first.status_code == 201
    assert (first.json["value_cents"], first.json["vat_cents"], first.json["reason"]) == (23000, 3000, "fell ill")
    assert first.json["money"] == [{"gateway": "cash", "amount_cents": 23000, "status": "handed_over"}]
    assert manager.call("POST", f"{path}/refunds", said, key="r1").json == first.json
    assert manager.call("POST", f"{path}/refunds", said | {"reason": "other"}, key="r1").status_code == 422
    assert manager.call("POST", f"{path}/refunds", said, key="r2").json["type"] == "already_void"
    part = manager.call("POST", f"{path}/refunds", {"amount_cents": 6000, "reason": "sat in the rain"})
    assert (part.status_code, part.json["value_cents"]) == (201, 6000)
    assert manager.call("GET", path).json["status"] == "paid"
    much = manager.call("POST", f"{path}/refunds", {"amount_cents": 40001, "reason": "greed"})
    assert (much.status_code, much.json["type"]) == (409, "too_much")
    rest = manager.call("POST", f"{path}/refunds", {"reason": "all of it"})
    assert (rest.status_code, rest.json["value_cents"]) == (201, 40000)
    assert manager.call("GET", path).json["status"] == "refunded"
    assert manager.call("POST", f"{path}/refunds", {"reason": "again"}).json["type"] == "nothing_left"
    with personas.home.scope():
        assert violations() == {}


def test_a_refund_by_a_program_keeps_to_its_sale_and_role(caller, programme, personas):
    manager, clerk = caller("manager"), caller()
    sales = []
    for _ in range(2):
        opened = manager.call("POST", "/checkouts", wanted(programme))
        sales.append(manager.call("POST", f"/checkouts/{opened.json['id']}/complete", CASH).json)
    path = f"/checkouts/{sales[0]['id']}/refunds"
    ticket, foreign = sales[0]["tickets"][0]["id"], sales[1]["tickets"][0]["id"]
    both = {"tickets": [ticket], "amount_cents": 1, "reason": "x"}
    assert manager.call("POST", path, both).status_code == 422
    assert manager.call("POST", path, {"tickets": [], "reason": "x"}).status_code == 422
    assert manager.call("POST", path, {"tickets": [foreign], "reason": "x"}).status_code == 404
    assert clerk.call("POST", path, {"tickets": [ticket], "reason": "x"}).json["type"] == "above_limit"
    assert caller("accountant").call("POST", path, {"reason": "x"}).status_code == 403
    assert caller("owner", personas.abroad).call("POST", path, {"reason": "x"}).status_code == 404
    with personas.home.scope():
        assert rows(Refund).count() == 0
