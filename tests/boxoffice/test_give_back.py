"""The pages that give back: chosen, shown in figures, done once; each by its own word and within the role."""

import re
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select

from tests.checkout.programme import Sold, put_on, sell
from tests.controls import goes_red
from tests.selling.checking import violations
from voelgoed.accounts.membership import Membership
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.payments.payment import Return
from voelgoed.selling import reverse as reversing
from voelgoed.selling.cancellation_charge import CancellationCharge
from voelgoed.ticketing import entered
from voelgoed.tills.pin import set_pin


class Evening:
    """A sale of three tickets by the box office."""

    def __init__(self, personas):
        with personas.home.scope("box_office"):
            self.programme = put_on(Sold(price_cents=23000, capacity=30))
            tickets = sell(self.programme, 3)
            self.tickets = [str(one.id) for one in tickets]
            self.checkout_id = rows(CheckoutLine).get(tickets[0].checkout_line_id).checkout_id
        self.path = f"/home/sales/{self.checkout_id}"


@pytest.fixture
def evening(personas):
    return Evening(personas)


def raise_limit(personas, cents):
    with personas.home.scope():
        own = db.session.scalars(select(Organization).where(Organization.id == current_scope().organization_id)).one()
        own.box_office_void_limit_cents = cents
        commit()


def give_pin(personas, role, number, pin):
    with personas.home.scope():
        member = rows(Membership).filter(Membership.user_id == personas.home.people[role]).one()
        member.staff_number = number
        set_pin(member, pin)
        commit()


def told(personas):
    with personas.home.scope():
        assert violations() == {}
        return [(one.kind, one.value_cents, one.kept_cents, one.actor) for one in rows(Return).order_by(Return.id)]


def test_a_refund_is_chosen_shown_and_done_once(personas, evening):
    manager = personas.client("manager")
    assert "Refund" in manager.get(evening.path).text
    asked = manager.get(f"{evening.path}/refund", query_string={"tickets": evening.tickets[1]}).text
    assert asked.count("checked") == 2
    said = {"what": "tickets", "tickets": evening.tickets[:2], "reason": "Rained out"}
    shown = manager.post(f"{evening.path}/refund", data=said)
    assert shown.status_code == 200
    assert "give R460.00 back" in shown.text
    assert told(personas) == []
    key = re.search(r'name="key"\s+value="([0-9a-f-]+)"', shown.text)[1]
    for _ in range(2):
        done = manager.post(f"{evening.path}/refunds", data={**said, "key": key})
        assert done.status_code == 303
    assert told(personas) == [("refund", 46000, 0, "manager of home")]
    after = manager.get(evening.path).text
    assert "Rained out" in after
    assert "−R460.00" in after


def test_an_amount_is_refunded_and_never_more_than_there_is(personas, evening):
    manager = personas.client("manager")
    said = {"what": "amount", "amount": "50", "reason": "Sat in the rain", "key": str(uuid4())}
    assert "give R50.00 back" in manager.post(f"{evening.path}/refund", data=said).text
    assert manager.post(f"{evening.path}/refunds", data=said).status_code == 303
    assert told(personas) == [("refund", 5000, 0, "manager of home")]
    much = manager.post(f"{evening.path}/refunds", data={**said, "amount": "640.01", "key": str(uuid4())})
    assert much.status_code == 409
    assert "More than the sale still holds" in much.text
    for wrong in ({"amount": "0"}, {"amount": "x"}, {"amount": ""}, {"what": "tickets"}, {"reason": ""}):
        assert manager.post(f"{evening.path}/refund", data={**said, **wrong}).status_code == 422
    assert len(told(personas)) == 1


def test_the_scale_keeps_its_charge_but_not_after_a_death(personas, evening):
    with personas.home.scope():
        for days, percent in ((30, 1000), (7, 2500), (0, 5000)):
            db.session.add(
                CancellationCharge(event_id=evening.programme.event_id, days_before=days, percent_bp=percent)
            )
        commit()
    manager = personas.client("manager")
    assert "keeps 50 %" in manager.get(f"{evening.path}/cancellation").text
    said = {"tickets": evening.tickets[:1], "cause": "changed_mind", "reason": "Found another", "key": str(uuid4())}
    assert "give R115.00 back" in manager.post(f"{evening.path}/cancellation", data=said).text
    manager.post(f"{evening.path}/cancellations", data=said)
    said |= {"tickets": evening.tickets[1:], "cause": "death", "key": str(uuid4())}
    manager.post(f"{evening.path}/cancellations", data=said)
    assert [one[:3] for one in told(personas)] == [("cancel", 23000, 11500), ("cancel", 46000, 0)]


def test_the_seller_reverses_at_once_and_nobody_else(personas, evening):
    clerk, manager = personas.client("box_office"), personas.client("manager")
    assert "Reverse" in clerk.get(evening.path).text
    assert "reversal" not in manager.get(evening.path).text
    assert manager.get(f"{evening.path}/reversal").status_code == 409
    shown = clerk.get(f"{evening.path}/reversal").text
    assert "give R690.00 back" in shown
    key = re.search(r'name="key"\s+value="([0-9a-f-]+)"', shown)[1]
    for _ in range(2):
        assert clerk.post(f"{evening.path}/reversals", data={"key": key}).status_code == 303
    assert told(personas) == [("reverse", 69000, 0, "box_office of home")]
    assert "refunded" in clerk.get(evening.path).text


def test_a_sale_of_yesterday_or_one_that_was_used_is_not_reversed(personas, evening, monkeypatch, database):
    monkeypatch.setattr(entered, "_askers", [lambda ticket_id: str(ticket_id) == evening.tickets[2]])
    clerk = personas.client("box_office")
    used = clerk.post(f"{evening.path}/reversals", data={"key": str(uuid4())})
    assert (used.status_code, "was used" in used.text) == (403, True)
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE checkout_outcome SET created_at = created_at - interval '601 seconds'")
    late = clerk.post(f"{evening.path}/reversals", data={"key": str(uuid4())})
    assert (late.status_code, "Too late to reverse" in late.text) == (409, True)
    assert told(personas) == []


def test_above_the_limit_a_manager_says_yes_by_pin(personas, evening):
    give_pin(personas, "manager", "7", "135790")
    clerk = personas.client("box_office")
    said = {"what": "tickets", "tickets": evening.tickets[:1], "reason": "Fell ill", "key": str(uuid4())}
    assert "a manager approves it here" in clerk.post(f"{evening.path}/refund", data=said).text
    refused = clerk.post(f"{evening.path}/refunds", data=said)
    assert (refused.status_code, "Above your limit" in refused.text) == (403, True)
    wrong = clerk.post(f"{evening.path}/refunds", data={**said, "staff_number": "7", "pin": "000000"})
    assert (wrong.status_code, "000000" in wrong.text) == (403, False)
    assert told(personas) == []
    done = clerk.post(f"{evening.path}/refunds", data={**said, "staff_number": "7", "pin": "135790"})
    assert done.status_code == 303
    assert told(personas) == [("refund", 23000, 0, "box_office of home, approved by manager of home")]


def test_within_the_limit_nobody_is_asked_unless_somebody_went_in(personas, evening, monkeypatch):
    raise_limit(personas, 23000)
    monkeypatch.setattr(entered, "_askers", [lambda ticket_id: str(ticket_id) == evening.tickets[0]])
    clerk = personas.client("box_office")
    said = {"what": "tickets", "reason": "Fell ill"}
    inside = clerk.post(f"{evening.path}/refunds", data={**said, "tickets": evening.tickets[0]})
    assert (inside.status_code, "went in" in inside.text) == (403, True)
    done = clerk.post(f"{evening.path}/refunds", data={**said, "tickets": evening.tickets[1]})
    assert done.status_code == 303
    manager = personas.client("manager")
    assert manager.post(f"{evening.path}/refunds", data={**said, "tickets": evening.tickets[0]}).status_code == 303
    assert [one[0] for one in told(personas)] == ["refund", "refund"]


def test_others_see_nothing_and_change_nothing(personas, evening):
    said = {"what": "tickets", "tickets": evening.tickets[0], "reason": "x", "cause": "death", "key": str(uuid4())}
    outsider = personas.outsider()
    for page in ("refund", "cancellation", "reversal"):
        for slug in ("home", "abroad"):
            path = f"/{slug}/sales/{evening.checkout_id}/{page}"
            assert outsider.get(path).status_code == 404
            assert outsider.post(path + "s", data=said).status_code == 404
        for role in ("accountant", "auditor", "gate_supervisor"):
            assert personas.client(role).get(f"{evening.path}/{page}").status_code == 403
            assert personas.client(role).post(f"{evening.path}/{page}s", data=said).status_code == 403
    with personas.home.scope("manager"):
        other = str(sell(evening.programme)[0].id)
    said = {"what": "tickets", "tickets": other, "reason": "x"}
    foreign = personas.client("manager").post(f"{evening.path}/refunds", data=said)
    assert foreign.status_code == 404
    assert told(personas) == []


def test_the_scale_is_set_by_whoever_sets_up_the_event(personas, evening):
    path = f"/home/events/{evening.programme.event_id}/cancellation-charges"
    manager = personas.client("manager")
    assert "Nothing is kept" in manager.get(path).text
    for days, percent in (("7", "25"), ("7", "12.5"), ("0", "50")):
        assert manager.post(path, data={"days_before": days, "percent": percent}).status_code == 303
    shown = manager.get(path).text
    assert "Up to 7 days before" in shown
    assert "12.5 %" in shown
    assert "cancellation-charges" in manager.get(f"/home/events/{evening.programme.event_id}").text
    for wrong in ({"days_before": "-1"}, {"percent": "101"}, {"percent": "x"}):
        assert manager.post(path, data={"days_before": "1", "percent": "1"} | wrong).status_code == 422
    with personas.home.scope():
        charge = rows(CancellationCharge).filter_by(days_before=0).one().id
    outsider = personas.outsider()
    for slug in ("home", "abroad"):
        other = path.replace("/home/", f"/{slug}/")
        assert outsider.get(other).status_code == 404
        assert outsider.post(f"{other}/{charge}/removal").status_code == 404
    assert personas.client("box_office").post(f"{path}/{charge}/removal").status_code == 403
    assert manager.post(f"{path}/{charge}/removal").status_code == 303
    with personas.home.scope():
        assert [(one.days_before, one.percent_bp) for one in rows(CancellationCharge)] == [(7, 1250)]


test_without_it_a_used_sale_is_reversed = goes_red(
    test_a_sale_of_yesterday_or_one_that_was_used_is_not_reversed, reversing.reverse, "why"
)
