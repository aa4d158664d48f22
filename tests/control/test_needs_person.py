"""Needs a person: what waits is told with what is known, decided with a reason, by who may; the bar counts it."""

import re

import pytest
from werkzeug.exceptions import NotFound

from tests.checkout.programme import Sold, hold, pay, put_on
from tests.selling.checking import own_cash, violations
from tests.selling.online import begin, carried, checkout_of
from tests.selling.refunding import carry_all, ends, give_back, sold, stuck
from tests.selling.test_invoice import become_vendor
from voelgoed.checkout.state import state_of
from voelgoed.control import waiting
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import rollback
from voelgoed.foundation.live import kind_of
from voelgoed.foundation.live.push import look
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow.journal import RunStuck
from voelgoed.ledger.balances import balance_of
from voelgoed.payments.capture import Tender
from voelgoed.payments.payment import Charge, Refund, RefundEnd


@pytest.fixture(autouse=True)
def counted_now(monkeypatch):
    monkeypatch.setattr(waiting, "COUNTED_FOR", -1.0)


@pytest.fixture
def programme(personas):
    with personas.home.scope("box_office"):
        return put_on(Sold(price_cents=35000, capacity=50))


@pytest.fixture
def unsure(personas, programme):
    """A sale whose clerk was not sure of the card machine."""
    with personas.home.scope("box_office"):
        run_id = begin(programme, Tender("card", 35000, reference="Slip 9", outcome="not_sure"))
        assert carried(run_id) is None
        charge_id = rows(Charge).one().id
        rollback()
    return run_id, charge_id


@pytest.fixture
def owed(personas, programme):
    """A refund of a card machine's money, which only a person can send."""
    with personas.home.scope("box_office"):
        give_back(sold(programme, Tender("card", 35000, reference="Slip 5")), 35000, "owed")
        carry_all()
        refund_id = rows(Refund).one().id
        rollback()
    return refund_id


def page(personas, role="manager"):
    answer = personas.client(role).get("/home/needs")
    assert answer.status_code == 200
    return answer.text


def badge(text):
    found = re.search(r'<span id="needs_badge"[^>]*?(hidden)?>(\d+)</span>', text)
    assert found
    assert (found[1] == "hidden") == (found[2] == "0")
    return int(found[2])


def decide(personas, path, role="manager", **said):
    return personas.client(role).post(f"/home/needs/{path}", data=said)


def test_nothing_waits(personas):
    shown = page(personas)
    assert "Nothing needs a person" in shown
    assert badge(shown) == 0


def test_everybody_who_may_sees_how_much_waits_on_every_page(personas, unsure, owed):
    for path in ("/home/needs", "/home/events", "/home/find"):
        assert badge(personas.client("manager").get(path).text) == 2
    assert "Needs a person" not in personas.client("gate_supervisor").get("/home/events").text


def test_a_charge_that_is_there_makes_its_tickets(personas, unsure):
    run_id, charge_id = unsure
    shown = page(personas)
    for told in ("R350.00 through a card machine", "could not say", "box_office of home", "Slip 9"):
        assert told in shown
    bare = decide(personas, f"charges/{charge_id}/captured")
    assert (bare.status_code, "This is needed" in bare.text) == (422, True)
    card = decide(personas, f"charges/{charge_id}/captured", reference="4111 1111 1111 1111")
    assert (card.status_code, "looks like a card" in card.text) == (422, True)
    assert "Check again" not in shown
    assert decide(personas, f"charges/{charge_id}/captured", reference="Batch 12").status_code == 303
    assert decide(personas, f"charges/{charge_id}/captured", reference="Batch 12").status_code == 409
    with personas.home.scope():
        assert carried(run_id) is not None
        assert state_of(checkout_of(run_id)).word == "paid"
        assert violations() == {}
        reasons = [one.reason for one in rows(AuditEntry).filter_by(object="run_stuck") if one.reason]
        rollback()
    assert reasons == ["Captured, by Batch 12"]
    assert "Nothing needs a person" in page(personas)


def test_a_charge_that_never_was_ends_its_sale(personas, unsure):
    run_id, charge_id = unsure
    nothing = decide(personas, f"charges/{charge_id}/not_captured")
    assert (nothing.status_code, "This is needed" in nothing.text) == (422, True)
    assert decide(personas, f"charges/{charge_id}/not_captured", note="Not in the batch").status_code == 303
    with personas.home.scope():
        assert carried(run_id, looks=2) is not None
        assert state_of(checkout_of(run_id)).word in ("open", "failed", "expired")
        assert violations() == {}
    assert "Nothing needs a person" in page(personas)


def test_a_refund_is_sent_by_hand_with_its_slip(personas, owed):
    shown = page(personas)
    for told in ("R350.00 owed", "card machine", "Slip 5", "rain"):
        assert told in shown
    assert "Send it again" not in shown
    assert decide(personas, f"refunds/{owed}/sent").status_code == 422
    assert decide(personas, f"refunds/{owed}/sent", reference="Slip 6").status_code == 303
    assert decide(personas, f"refunds/{owed}/sent", reference="Slip 6").status_code == 409
    with personas.home.scope():
        carry_all()
        assert (stuck(), ends()) == ([], [("card", "sent", 35000)])
        assert rows(RefundEnd).one().reference == "Slip 6"
        assert violations() == {}


def test_cash_instead_needs_a_drawer_and_leaves_it_once(personas, owed):
    none = decide(personas, f"refunds/{owed}/cash", "accountant", note="Machine broken")
    assert (none.status_code, "You have no open shift" in none.text) == (409, True)
    assert decide(personas, f"refunds/{owed}/cash", note="Machine broken").status_code == 303
    with personas.home.scope("manager"):
        carry_all()
        assert ends() == [("card", "paid_otherwise", 35000)]
        assert balance_of(own_cash(), "ZAR") == -35000
        assert rows(RefundEnd).one().reason == "Machine broken"
        assert violations() == {}


def test_a_clerk_sees_what_became_of_own_sales_and_decides_nothing(personas, unsure, owed):
    own = page(personas, "box_office")
    assert "R350.00 through a card machine" in own
    assert "A manager or the accountant decides" in own
    assert badge(own) == 2
    assert "Write it off" not in own
    _, charge_id = unsure
    for role in ("box_office", "auditor", "gate_supervisor"):
        assert decide(personas, f"charges/{charge_id}/write_off", role, note="x").status_code == 403
        assert decide(personas, f"refunds/{owed}/write_off", role, note="x").status_code == 403
    with personas.home.scope("manager"):
        sold_by_manager = begin(put_on(), Tender("card", 35000, reference="Slip 7", outcome="not_sure"))
        carried(sold_by_manager)
    assert badge(page(personas, "box_office")) == 2
    assert badge(page(personas, "accountant")) == 3


def test_outsiders_find_nothing(personas, unsure, owed):
    _, charge_id = unsure
    with personas.home.scope():
        stuck_id = rows(RunStuck).first().id
    outsider = personas.outsider()
    assert outsider.get("/home/needs").status_code == 404
    assert badge(outsider.get("/abroad/needs").text) == 0
    for slug in ("home", "abroad"):
        for path in (f"charges/{charge_id}/write_off", f"refunds/{owed}/write_off", f"runs/{stuck_id}/again"):
            assert outsider.post(f"/{slug}/needs/{path}", data={"note": "x"}).status_code == 404
    assert decide(personas, f"charges/{charge_id}/nothing").status_code == 404
    with personas.home.scope():
        assert rows(RunStuck).count() == 2


@pytest.fixture
def nameless(personas):
    """An invoice above R5 000 that says no recipient."""
    with personas.home.scope("manager"):
        become_vendor()
        sale = hold(put_on(Sold(price_cents=600000)))
        pay(sale)
        rollback()
    return sale


def test_an_invoice_that_names_nobody_waits_with_what_is_known(personas, nameless):
    shown = page(personas)
    for told in ("says no name and address", "R6\u2009000.00", "21 days left", "Say for whom it is"):
        assert told in shown
    assert (badge(shown), badge(page(personas, "box_office"))) == (1, 0)
    assert "Say for whom it is" not in page(personas, "auditor")
    said = {"name": "Kopano Trust", "address": "Kerk Street 1"}
    path = f"/home/checkouts/{nameless}/invoice/recipients"
    assert personas.client("accountant").post(path, data=said).status_code == 303
    assert badge(page(personas)) == 0


def test_who_decided_what_and_why_is_shown_to_those_who_may_see_all(personas, unsure):
    _, charge_id = unsure
    assert decide(personas, f"charges/{charge_id}/captured", reference="Batch 12").status_code == 303
    shown = page(personas, "auditor")
    for told in ("Decided lately", "manager of home", "Captured, by Batch 12", "could not say"):
        assert told in shown
    assert "Decided lately" not in page(personas, "box_office")


def test_the_badge_is_told_of_every_change_to_those_who_may_see_all(personas, programme, monkeypatch):
    asked = []
    monkeypatch.setattr(personas.app.extensions["live"].pushes, "ask", lambda key: asked.append(key[1:]))
    room = ("needs", personas.home.organization_id)
    with personas.home.scope("box_office"):
        run_id = begin(programme, Tender("card", 35000, reference="Slip 9", outcome="not_sure"))
        assert room not in asked
        assert carried(run_id) is None
        assert room in asked
        charge_id = rows(Charge).one().id
        rollback()
    asked.clear()
    decide(personas, f"charges/{charge_id}/captured", reference="Batch 12")
    assert room in asked
    with personas.home.scope("manager"):
        assert carried(run_id) is not None
        pushed = list(look(personas.app, personas.home.organization_id, *room))
    assert [(one.id, ">0<" in one.html, "hidden" in one.html) for one in pushed] == [("needs_badge", True, True)]
    assert f"needs:{room[1]}" in page(personas)
    assert f"needs:{room[1]}" not in page(personas, "box_office")
    part = personas.client("manager").get("/home/needs/badge", headers={"HX-Request": "true"}).text
    assert (badge(part), "<html" in part) == (0, False)
    assert personas.client("gate_supervisor").get("/home/needs/badge").status_code == 403
    assert personas.outsider().get("/home/needs/badge").status_code == 404
    with personas.abroad.scope("owner"), pytest.raises(NotFound):
        kind_of("needs").load(room[1])
