"""The pages of an exchange: chosen, the difference shown, done once, within the role."""

import re
from uuid import uuid4

import pytest

from tests.boxoffice.test_give_back import give_pin
from tests.checkout.programme import Sold, put_on, sell
from tests.selling.checking import violations
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.payment import Payment, Return


class Evening:
    """A sale of two tickets, and two types that they may become."""

    def __init__(self, personas):
        with personas.home.scope("box_office"):
            self.programme = put_on(Sold("Adult", 23000), Sold("Best", 50000), Sold("Child", 10000))
            tickets = sell(self.programme, 2, "Adult")
            self.tickets = [str(one.id) for one in tickets]
            self.checkout_id = rows(CheckoutLine).get(tickets[0].checkout_line_id).checkout_id
        self.path = f"/home/sales/{self.checkout_id}"

    def becomes(self, name, **more):
        return {
            "tickets": self.tickets[:1],
            "ticket_type_id": str(self.programme.types[name]),
            "reason": "Upgrade",
        } | more


@pytest.fixture
def evening(personas):
    return Evening(personas)


def told(personas):
    with personas.home.scope():
        assert violations() == {}
        return [(one.gateway, one.amount_cents) for one in rows(Payment).order_by(Payment.id)]


def test_the_difference_is_shown_taken_and_the_new_sale_opens(personas, evening):
    manager = personas.client("manager")
    assert "Exchange" in manager.get(evening.path).text
    assert "Best" in manager.get(f"{evening.path}/exchange").text
    shown = manager.post(f"{evening.path}/exchange", data=evening.becomes("Best"))
    assert shown.status_code == 200
    assert "Exchange, take R270.00" in shown.text
    assert told(personas) == [("cash", 46000)]
    key = re.search(r'name="key"\s+value="([0-9a-f-]+)"', shown.text)[1]
    said = evening.becomes("Best", key=key, gateway="cash")
    places = {manager.post(f"{evening.path}/exchanges", data=said).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert told(personas) == [("cash", 46000), ("credit", 23000), ("cash", 27000)]
    after = manager.get(places.pop()).text
    assert "credit of another sale" in after
    assert "valid" in after
    assert "Exchanged" in manager.get(evening.path).text


def test_a_card_machine_takes_it_with_its_slip_and_change_goes_back(personas, evening):
    manager = personas.client("manager")
    path = f"{evening.path}/exchanges"
    bare = manager.post(path, data=evening.becomes("Best", gateway="card"))
    assert (bare.status_code, "slip number" in bare.text) == (422, True)
    card = manager.post(path, data=evening.becomes("Best", gateway="card", slip="4111111111111111"))
    assert (card.status_code, "looks like a card" in card.text) == (422, True)
    assert manager.post(path, data=evening.becomes("Best", gateway="card", slip="4711")).status_code == 303
    assert told(personas)[1:] == [("credit", 23000), ("card", 27000)]
    less = evening.becomes("Child", tickets=evening.tickets[1:])
    assert "R130.00" in manager.post(f"{evening.path}/exchange", data=less).text
    assert manager.post(path, data=less).status_code == 303
    assert told(personas)[3:] == [("credit", 10000)]


def test_above_the_limit_a_manager_approves_and_the_trail_names_why_and_who(personas, evening):
    give_pin(personas, "manager", "7", "135790")
    said = evening.becomes("Child", key=str(uuid4()), staff_number="7", pin="135790")
    assert personas.client("box_office").post(f"{evening.path}/exchanges", data=said).status_code == 303
    with personas.home.scope():
        made = rows(AuditEntry).filter_by(object="checkout").order_by(AuditEntry.id.desc()).first()
        assert made.reason == f"{said['reason']}, approved by manager of home"


def test_nobody_else_exchanges(personas, evening):
    said = evening.becomes("Child", key=str(uuid4()))
    clerk = personas.client("box_office")
    assert "a manager approves it here" in clerk.post(f"{evening.path}/exchange", data=said).text
    refused = clerk.post(f"{evening.path}/exchanges", data=said)
    assert (refused.status_code, "Above your limit" in refused.text) == (403, True)
    for role in ("accountant", "auditor", "gate_supervisor"):
        assert personas.client(role).get(f"{evening.path}/exchange").status_code == 403
        assert personas.client(role).post(f"{evening.path}/exchanges", data=said).status_code == 403
    outsider = personas.outsider()
    for slug in ("home", "abroad"):
        path = f"/{slug}/sales/{evening.checkout_id}/exchange"
        assert outsider.get(path).status_code == 404
        assert outsider.post(f"{path}s", data=said).status_code == 404
    with personas.abroad.scope():
        foreign = put_on(Sold("Adult", 23000))
    wrong = evening.becomes("Child", ticket_type_id=str(foreign.types["Adult"]))
    assert personas.client("manager").post(f"{evening.path}/exchanges", data=wrong).status_code == 404
    with personas.home.scope():
        assert (rows(Checkout).count(), rows(Return).count()) == (1, 0)
