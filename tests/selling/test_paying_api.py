"""Paying by a program: the shapes of money, what is refused before anybody is asked, and where the payer must go."""

from uuid import UUID, uuid4

import pytest

from tests.checkout.programme import Sold, put_on
from tests.controls import goes_red
from tests.selling.checking import violations
from tests.selling.online import ASKS, DECLINES, PAYS, carried, set_up
from tests.selling.test_selling_api import Caller, wanted
from voelgoed.checkout.checkout import CheckoutAttempt
from voelgoed.foundation import waiting
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.gateway_account import GatewayAccount
from voelgoed.payments.payment import Charge
from voelgoed.selling import begin, complete
from voelgoed.tills.shift import CardMachine


@pytest.fixture
def counter(world, processors, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    monkeypatch.setattr(complete, "PATIENCE", 0.25)
    return Counter(world, processors)


class Counter:
    """A program that sells one ticket at a time, at an organization with both processors."""

    def __init__(self, world, processors):
        self.house = world.personas.home
        self.clerk = Caller(world.app, self.house, "box_office")
        with self.house.scope("box_office"):
            self.programme = put_on(Sold(capacity=20))
            self.shops = {gateway: set_up(processors, gateway) for gateway in PAYS}
            self.machine = CardMachine(name="Machine 1")
            db.session.add(self.machine)
            self.machine_id = str(self.machine.id)
            commit()

    def open(self):
        return self.clerk.call("POST", "/checkouts", wanted(self.programme, 1)).json["id"]

    def pay(self, checkout_id, *payments, key=None):
        return self.clerk.call("POST", f"/checkouts/{checkout_id}/complete", {"payments": list(payments)}, key)

    def carry(self, checkout_id, looks=1):
        with self.house.scope("box_office"):
            newest = rows(CheckoutAttempt).filter_by(checkout_id=UUID(checkout_id)).order_by(CheckoutAttempt.id.desc())
            run_id = newest.first().run_id
            rollback()
            carried(run_id, looks)


def online(cents=35000, gateway="stripe", **more):
    return {"gateway": gateway, "amount_cents": cents, "method": PAYS[gateway]} | more


def card(cents=35000, **more):
    return {"gateway": "card", "amount_cents": cents, "reference": "Slip 1"} | more


def test_every_gateway_pays_alone_and_together(counter):
    cash = {"gateway": "cash", "amount_cents": 5000, "tendered_cents": 10000}
    for payments in (
        [online()], [online(gateway="paystack")], [card(machine_id=counter.machine_id)],
        [cash, card(10000), online(15000), online(5000, "paystack")],
    ):  # fmt: skip
        checkout_id = counter.open()
        first = counter.pay(checkout_id, *payments, key="k")
        if len(payments) == 1 and payments[0]["gateway"] == "card":
            assert first.status_code == 200
        else:
            assert (first.status_code, first.json["status"], first.json["redirect_url"]) == (202, "paying", None)
            counter.carry(checkout_id)
        again = counter.pay(checkout_id, *payments, key="k")
        assert (again.status_code, again.json["status"], len(again.json["tickets"])) == (200, "paid", 1)
    assert counter.shops["stripe"].at.moved() == [("charge", 35000), ("charge", 15000)]
    assert violations() == {}


def test_the_payers_page_is_told_and_gone_when_it_is_over(counter):
    checkout_id, asked = counter.open(), online(method=ASKS, return_url="https://shop.test/thanks?x=1")
    counter.pay(checkout_id, asked)
    counter.carry(checkout_id)
    waits = counter.pay(checkout_id, asked)
    assert (waits.status_code, waits.json["needs_person"]) == (202, False)
    page = counter.shops["stripe"].at.visit(waits.json["redirect_url"], "complete")
    assert page.headers["location"].startswith("https://shop.test/thanks?x=1&payment_intent=")
    counter.carry(checkout_id)
    assert counter.pay(checkout_id, asked).status_code == 200
    assert counter.clerk.call("GET", f"/checkouts/{checkout_id}").json["redirect_url"] is None


def test_refusals_of_outside_and_doubt_are_told(counter):
    checkout_id = counter.open()
    counter.pay(checkout_id, online(method=DECLINES["stripe"]))
    counter.carry(checkout_id)
    other = counter.pay(checkout_id, card(outcome="declined"))
    assert (other.status_code, other.json["type"]) == (409, "declined")
    doubt = counter.pay(checkout_id, card(outcome="not_sure"))
    assert (doubt.status_code, doubt.json["needs_person"]) == (202, False)
    counter.carry(checkout_id)
    assert counter.pay(checkout_id, card(outcome="not_sure")).json["needs_person"] is True
    paying = counter.pay(checkout_id, online())
    assert (paying.status_code, paying.json["type"]) == (409, "paying")


def test_an_answer_in_time_says_why_it_was_declined(counter, monkeypatch):
    checkout_id = counter.open()
    asked = online(method=DECLINES["stripe"])
    first = counter.pay(checkout_id, asked, key="d")
    assert first.status_code == 202
    counter.carry(checkout_id)
    told = counter.pay(checkout_id, asked, key="d")
    assert (told.status_code, told.json["type"]) == (409, "declined")
    assert "declined" in told.json["detail"]


@pytest.mark.parametrize(
    ("payments", "word"),
    [
        ([online(34999)], "wrong_amount"), ([online(35001)], "wrong_amount"), ([online(), card(1)], "wrong_amount"),
        ([online(35000), {"gateway": "cash", "amount_cents": 0}], "wrong_amount"), ([online(0)], "invalid"),
        ([online(-1)], "invalid"), ([online(method="a b")], "invalid"), ([online(method=None)], "no_method"),
        ([online(return_url="javascript:alert(1)")], "invalid"), ([online(outcome="approved")], "invalid"),
        ([card(reference="4242 4242 4242 4242")], "invalid"), ([card(reference="1234567890123")], "invalid"),
        ([card(reference=" ")], "invalid"), ([card(outcome="maybe")], "invalid"), ([card(reference="a\0b")], "invalid"),
        ([{"gateway": "credit", "amount_cents": 35000}], "invalid"), ([{"gateway": "bitcoin"}], "invalid"),
        ([card(machine_id="x")], "invalid"), ([card()] * 6, "invalid"),
    ],
)  # fmt: skip
def test_money_that_is_not_right_is_refused_before_anybody_is_asked(counter, payments, word):
    checkout_id = counter.open()
    answer = counter.pay(checkout_id, *payments)
    assert (answer.status_code, answer.json["type"], bool(answer.json["errors"])) == (422, word, True)
    assert counter.shops["stripe"].at.moved() == []
    assert counter.clerk.call("GET", f"/checkouts/{checkout_id}").json["status"] == "open"


def test_what_is_not_here_is_not_found(counter):
    checkout_id = counter.open()
    assert counter.pay(checkout_id, card(machine_id=str(uuid4()))).status_code == 404
    with counter.house.scope():
        rows(GatewayAccount).filter_by(gateway="paystack").one().active = False
        commit()
    answer = counter.pay(checkout_id, online(gateway="paystack"))
    assert (answer.status_code, answer.json["type"]) == (422, "no_gateway")
    with counter.house.scope():
        assert rows(Charge).filter_by(checkout_id=UUID(checkout_id)).count() == 0


test_without_it_a_declined_card_pays = goes_red(test_refusals_of_outside_and_doubt_are_told, begin._allowed, "declined")
