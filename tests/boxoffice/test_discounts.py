"""Discount codes: what they take off, when they count, when they come back, who makes them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select

from tests.checkout.programme import Sold, hold, pay, put_on, taken
from tests.checkout.test_hold import lapse
from tests.selling.checking import violations
from voelgoed.checkout.checkout import Checkout, CheckoutLine, Hold
from voelgoed.checkout.discount import Discount
from voelgoed.checkout.end import expire
from voelgoed.foundation import waiting
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.payments.payment import Refund
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.ticketing.ticket import Ticket


@pytest.fixture
def programme(personas, monkeypatch):
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    with personas.home.scope():
        return put_on(Sold("Adult", price_cents=35005, capacity=20), Sold("Child", price_cents=10000, capacity=20))


def make(programme, **more):
    more.setdefault("percent", 0 if "amount_cents" in more else 10)
    kind = "amount" if more.get("amount_cents") else "percent"
    db.session.add(Discount(event_id=programme.event_id, code="SUMMER", kind=kind, **more))
    commit()


def uses():
    return db.session.scalars(select(Discount.uses)).one()


def refusal(programme, **more):
    with pytest.raises(Problem) as caught:
        hold(programme, code="SUMMER", **more)
    rollback()
    return caught.value.type


@pytest.mark.parametrize(
    ("more", "unit_off", "vat"),
    [({"percent": 10}, 3501, 8218), ({"amount_cents": 5000}, 5000, 7827), ({"amount_cents": 99999}, 35005, 0),
     ({"percent": 100}, 35005, 0)],
)  # fmt: skip
def test_the_line_keeps_price_and_discount_and_its_vat_is_of_what_is_paid(personas, programme, more, unit_off, vat):
    with personas.home.scope("box_office"):
        make(programme, **more)
        sale = rows(Checkout).get(hold(programme, 2, code="summer"))
        line = rows(CheckoutLine).one()
        assert (line.unit_cents, line.discount_cents, line.total_cents) == (35005, 2 * unit_off, 2 * (35005 - unit_off))
        assert line.vat_cents == vat
        assert sale.total_cents == line.total_cents
        pay(sale.id)
        assert uses() == 1
    assert violations() == {}


def test_a_code_of_one_type_leaves_the_others(personas, programme):
    with personas.home.scope("box_office"):
        make(programme, ticket_type_id=programme.types["Child"])
        assert rows(Checkout).get(hold(programme, 1, "Adult", code="SUMMER")).total_cents == 35005
        assert rows(Checkout).get(hold(programme, 1, "Child", code="SUMMER")).total_cents == 9000
    assert violations() == {}


def test_a_use_is_given_back_when_the_sale_is_not_to_be(personas, programme, database):
    with personas.home.scope("box_office"):
        make(programme, uses_most=1)
        first = hold(programme, code="SUMMER")
        assert refusal(programme) == "code_not_valid"
        second = hold(programme, 2, code="SUMMER", replaces=first)
        assert uses() == 1
        lapse(database)
        db.session.expire_all()
        expire(rows(Hold).filter_by(checkout_id=second).one().id)
        commit()
        assert uses() == 0
        pay(second)
        assert uses() == 1
        assert taken(programme)["Adult 0"] == 2
    assert violations() == {}


def test_money_that_comes_late_does_not_use_a_code_twice(personas, programme, database):
    with personas.home.scope("box_office"):
        make(programme, uses_most=1)
        late = hold(programme, code="SUMMER")
        lapse(database)
        db.session.expire_all()
        expire(rows(Hold).one().id)
        commit()
        pay(hold(programme, code="SUMMER"))
        assert pay(late).reason == "sold_out"
        assert uses() == 1
    assert violations() == {}


def test_its_window_is_judged_by_the_databases_clock(personas, programme):
    hour, at = timedelta(hours=1), datetime.now(UTC)
    with personas.home.scope("box_office"):
        assert refusal(programme) == "no_such_code"
        make(programme, valid_from=at + hour)
        assert refusal(programme) == "code_not_valid"
        found = rows(Discount).one()
        found.valid_from, found.valid_until = at - 2 * hour, at - hour
        commit()
        assert refusal(programme) == "code_not_valid"
        rows(Discount).one().archived_at = at
        commit()
        assert refusal(programme) == "no_such_code"
        assert taken(programme)["Adult 0"] == 0


def test_a_refund_gives_what_was_paid(personas, programme):
    with personas.home.scope("manager"):
        make(programme, amount_cents=5005)
        sale_id = hold(programme, 3, code="SUMMER")
        pay(sale_id)
        tickets = tuple(one.id for one in rows(Ticket))
        refund_once(RefundCheckout(sale_id, "refund", "Rained out", "k", tickets))
        commit()
        assert sum(one.amount_cents for one in rows(Refund)) == 90000
    assert violations() == {}


def test_the_checker_sees_a_use_that_was_not_counted(personas, programme, database):
    """Negative control: the probe that finds nothing above finds a lost use, and a discount that no code gave."""
    with personas.home.scope("box_office"):
        make(programme)
        hold(programme, code="SUMMER")
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE discount SET uses = 0")
        assert violations() == {"I5": 1}
        connection.execute("UPDATE checkout_line SET discount_cents = 0")
    assert violations() == {"I5": 3}


def form(**more):
    return {"code": "summer", "kind": "percent", "percent": "10", "uses_most": "5"} | more


def test_a_manager_makes_a_code_and_a_clerk_sells_by_it(personas, programme):
    manager, clerk, path = (
        personas.client("manager"),
        personas.client("box_office"),
        f"/home/events/{programme.event_id}",
    )
    assert "No code yet" in manager.get(f"{path}/discounts").text
    assert manager.post(f"{path}/discounts", data=form()).status_code == 303
    for wrong, words in (
        ({}, "had it once"), ({"code": "a b"}, "error"), ({"code": "OTHER", "percent": ""}, "How many per cent"),
        ({"code": "OTHER", "kind": "amount"}, "How much"), ({"code": "OTHER", "percent": "101"}, "At most 100"),
        ({"code": "OTHER", "valid_from": "2026-12-02T10:00", "valid_until": "2026-12-01T10:00"}, "after it begins"),
    ):  # fmt: skip
        answer = manager.post(f"{path}/discounts", data=form(**wrong))
        assert answer.status_code == 422, wrong
        assert words in answer.text, wrong
    over = clerk.get(f"{path}/holds?over=till&q=Summer", headers={"HX-Request": "true"}).text
    assert 'data-code="SUMMER"' in over
    body = {"lines": [{"ticket_type_id": str(programme.types["Child"]), "quantity": 2}], "key": str(uuid4()),
            "code": "SUMMER"}  # fmt: skip
    held = clerk.post(f"{path}/checkouts", json=body).json
    assert (held["total_cents"], held["discount_cents"]) == (18000, 2000)
    money = {"payments": [{"gateway": "cash", "amount_cents": 18000}]}
    assert clerk.post(f"/home/checkouts/{held['id']}/complete", json=money).status_code == 200
    assert "less R20.00" in clerk.get(f"/home/sales/{held['id']}").text
    assert "less R20.00" in clerk.get(f"/home/checkouts/{held['id']}/receipt").text
    assert "used 1 time of 5" in manager.get(f"{path}/discounts").text
    bad = clerk.post(f"{path}/checkouts", json=body | {"key": str(uuid4()), "code": "WINTER"})
    assert (bad.status_code, bad.json["type"]) == (422, "no_such_code")
    assert violations() == {}


def test_others_make_no_codes(personas, programme):
    with personas.home.scope():
        make(programme)
        mine = rows(Discount).one().id
    path = f"events/{programme.event_id}/discounts"
    for role in ("box_office", "gate_supervisor", "accountant", "auditor"):
        colleague = personas.client(role)
        assert colleague.get(f"/home/{path}").status_code == 403
        assert colleague.post(f"/home/{path}", data=form()).status_code == 403
        assert colleague.post(f"/home/{path}/{mine}/archive").status_code == 403
    outsider = personas.outsider()
    with personas.abroad.scope():
        theirs = put_on()
    for slug in ("home", "abroad"):
        assert outsider.get(f"/{slug}/{path}").status_code == 404
        assert outsider.post(f"/{slug}/{path}", data=form()).status_code == 404
    assert outsider.post(f"/abroad/events/{theirs.event_id}/discounts/{mine}/archive").status_code == 404
    stolen = form(ticket_type_id=str(programme.types["Adult"]))
    assert outsider.post(f"/abroad/events/{theirs.event_id}/discounts", data=stolen).status_code == 404
    body = {"lines": [{"ticket_type_id": str(theirs.types["Adult"]), "quantity": 1}], "key": str(uuid4()),
            "code": "SUMMER"}  # fmt: skip
    answer = outsider.post(f"/abroad/events/{theirs.event_id}/checkouts", json=body)
    assert answer.json["type"] == "no_such_code"
