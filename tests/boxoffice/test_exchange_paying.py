"""The page of an exchange that is paid outside: asked for, paid, declined; whom it is not for."""

import re

import pytest

from tests.checkout.programme import Sold, put_on, sell
from tests.payments.processors import processors
from tests.selling.checking import violations
from tests.selling.online import ASKS, DECLINES, carried, set_up
from voelgoed.checkout.checkout import Checkout, CheckoutAttempt, CheckoutLine
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.payment import Payment, Return
from voelgoed.selling.paying import payer_page

__all__ = ["processors"]


def bare(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


class Window:
    """A sale whose ticket becomes a dearer one, and a shop at Stripe that takes the difference."""

    def __init__(self, personas, processors):
        self.personas = personas
        with personas.home.scope("manager"):
            self.shop = set_up(processors, "stripe")
            self.programme = put_on(Sold("Adult", 20000), Sold("Best", 35000))
            self.ticket = sell(self.programme, 1, "Adult")[0].id
            self.sale = rows(Checkout).order_by(Checkout.id.desc()).first().id
            rollback()
        self.manager = personas.client("manager")

    def post(self, **more):
        said = {"tickets": [str(self.ticket)], "ticket_type_id": str(self.programme.types["Best"]), "reason": "Upgrade"}
        return self.manager.post(f"/home/sales/{self.sale}/exchanges", data=said | more)

    def carry(self, looks=3):
        with self.personas.home.scope("manager"):
            carried(rows(CheckoutAttempt).order_by(CheckoutAttempt.id.desc()).first().run_id, looks)
            assert violations() == {}
            return [(one.gateway, one.amount_cents) for one in rows(Payment).order_by(Payment.id)][1:]


@pytest.fixture
def window(personas, processors):
    return Window(personas, processors)


def test_money_from_outside_is_waited_for_and_then_the_new_tickets_are_there(personas, window):
    shown = window.manager.post(
        f"/home/sales/{window.sale}/exchange",
        data={"tickets": [str(window.ticket)], "ticket_type_id": str(window.programme.types["Best"]), "reason": "Up"},
    ).text
    assert f"stripe:{ASKS}" in shown
    begun = window.post(gateway="online", way=f"stripe:{ASKS}", part="50", part_gateway="cash")
    assert (begun.status_code, "exchange-paying" in begun.headers["Location"]) == (303, True)
    place = begun.headers["Location"]
    assert "asked for" in window.manager.get(place).text
    window.carry()
    waits = window.manager.get(place, headers={"HX-Request": "true"}).text
    assert ("customer pays on their phone" in waits, "<html" in waits, "R100.00" in waits) == (True, False, True)
    with personas.home.scope():
        url = payer_page(rows(CheckoutAttempt).one().checkout_id) if rows(CheckoutAttempt).count() == 1 else None
        url = url or payer_page(rows(CheckoutAttempt).order_by(CheckoutAttempt.id.desc()).first().checkout_id)
        rollback()
    window.shop.at.visit(url, "complete")
    assert window.carry() == [("stripe", 10000), ("cash", 5000), ("credit", 20000)]
    done = window.manager.get(place).text
    assert ("Exchanged." in done, "hx-get" in done) == (True, False)


def test_what_is_declined_says_so_and_wrong_ways_are_refused(personas, window):
    wrong = window.post(gateway="online", way="stripe:nothing")
    assert (wrong.status_code, "not set up" in wrong.text) == (422, True)
    twice = window.post(gateway="cash", part="10", part_gateway="cash")
    assert (twice.status_code, "same way twice" in twice.text) == (422, True)
    place = window.post(gateway="online", way=f"stripe:{DECLINES['stripe']}").headers["Location"]
    assert window.carry() == []
    said = bare(window.manager.get(place).text)
    assert ("Not exchanged." in said, "Nothing was changed" in said) == (True, True)
    with personas.home.scope():
        assert rows(Return).count() == 0
        assert rows(CheckoutLine).count() == 2


def test_nobody_else_sees_it(personas, window):
    place = window.post(gateway="online", way=f"stripe:{ASKS}").headers["Location"]
    for role in ("accountant", "auditor", "gate_supervisor"):
        assert personas.client(role).get(place).status_code == 403
    assert personas.outsider().get(place).status_code == 404
    assert personas.outsider().get(place.replace("/home/", "/abroad/")).status_code == 404
    assert window.manager.get(f"/home/sales/{window.sale}/exchange-paying").status_code == 404
