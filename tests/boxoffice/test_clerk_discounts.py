"""A clerk's discount: within the role's limit, beyond it by a holder's PIN; kept with both names and the reason."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask.testing import FlaskClient

from tests.checkout.programme import Programme, Sold, put_on
from tests.personas import Personas
from tests.selling.checking import violations
from tests.selling.test_selling_api import Caller
from tests.tills.people import give_pin
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.checkout.clerk_discount import ClerkDiscount
from voelgoed.checkout.discount import Discount
from voelgoed.foundation import waiting
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization

PIN = {"staff_number": "7", "pin": "135790"}


@pytest.fixture
def programme(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> Programme:
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    give_pin(personas.home, "manager", "7", "135790")
    with personas.home.scope():
        rows(Organization).one().box_office_discount_percent = 10
        return put_on(Sold("Adult", price_cents=35005, capacity=20), Sold("Child", price_cents=10000, vat_rate_bp=0))


def hold(client: FlaskClient, programme: Programme, **more: Any) -> Any:
    lines = [{"ticket_type_id": str(programme.types[name]), "quantity": 2} for name in ("Adult", "Child")]
    asked = {"lines": lines, "key": str(uuid4())} | more
    return client.post(f"/home/events/{programme.event_id}/checkouts", json=asked)


def less(reason: str = "Neighbour", **how: int) -> dict[str, Any]:
    return {"discount": how | {"reason": reason}}


def test_a_clerk_lowers_a_sale_within_the_limit_and_it_is_kept(personas: Personas, programme: Programme) -> None:
    clerk = personas.client("box_office")
    held = hold(clerk, programme, **less(percent=10)).json
    assert (held["total_cents"], held["discount_cents"]) == (90010 - 9001, 9001)
    money = {"payments": [{"gateway": "cash", "amount_cents": held["total_cents"]}]}
    assert clerk.post(f"/home/checkouts/{held['id']}/complete", json=money).status_code == 200
    with personas.home.scope():
        kept = rows(ClerkDiscount).one()
        assert (kept.percent, kept.off_cents, kept.before_cents, kept.reason) == (10, 9001, 90010, "Neighbour")
        assert (kept.actor, kept.approved_by) == ("box_office of home", None)
        assert sorted(line.discount_cents for line in rows(CheckoutLine)) == [2000, 7001]
    assert "Discount R90.01, given by box_office of home" in clerk.get(f"/home/checkouts/{held['id']}/receipt").text
    assert "Neighbour" in clerk.get(f"/home/sales/{held['id']}").text
    assert violations() == {}


def test_beyond_it_a_manager_approves_by_pin_and_nothing_is_held_before(
    personas: Personas, programme: Programme
) -> None:
    clerk, asked = personas.client("box_office"), less(amount_cents=9002, reason="Flat tyre")
    refused = hold(clerk, programme, **asked)
    assert (refused.status_code, refused.json["type"]) == (403, "approval_needed")
    assert (refused.json["limit_percent"], refused.json["off_cents"], refused.json["before_cents"]) == (10, 9002, 90010)
    wrong = hold(clerk, programme, approval=PIN | {"pin": "000000"}, **asked)
    assert (wrong.status_code, wrong.json["type"]) == (403, "wrong_pin")
    with personas.home.scope():
        assert rows(Checkout).count() == 0
    assert hold(clerk, programme, approval=PIN, **asked).status_code == 201
    with personas.home.scope():
        kept = rows(ClerkDiscount).one()
        assert (kept.actor, kept.approved_by) == ("box_office of home", "manager of home")
        trail = rows(AuditEntry).filter_by(object="checkout").one()
        assert "approved by manager of home" in trail.reason.lower()
        assert "Flat tyre" in trail.reason
        rows(Organization).one().manager_discount_percent = 5
        commit()
    above = hold(clerk, programme, approval=PIN, **asked)
    assert (above.status_code, above.json["type"]) == (403, "above_limit")
    assert hold(personas.client("manager"), programme, **less(percent=6)).json["type"] == "approval_needed"
    assert hold(personas.client("manager"), programme, **less(percent=5)).status_code == 201
    assert hold(personas.client("owner"), programme, **less(percent=100)).json["total_cents"] == 0
    assert violations() == {}


def test_it_comes_after_a_code_and_never_below_nothing(personas: Personas, programme: Programme) -> None:
    with personas.home.scope():
        db.session.add(Discount(event_id=programme.event_id, code="HALF", kind="percent", percent=50))
        db.session.add(Discount(event_id=programme.event_id, code="FIFTY", kind="sale", amount_cents=5001))
        commit()
    owner = personas.client("owner")
    both = hold(owner, programme, code="HALF", **less(amount_cents=10**9)).json
    assert (both["total_cents"], both["discount_cents"]) == (0, 90010)
    assert owner.post(f"/home/checkouts/{both['id']}/complete", json={"payments": []}).status_code == 200
    off = hold(owner, programme, code="fifty").json
    assert (off["total_cents"], sum(line["discount_cents"] for line in off["lines"])) == (90010 - 5001, 5001)
    with personas.home.scope():
        assert {one.off_cents for one in rows(ClerkDiscount)} == {45004}
    assert violations() == {}


@pytest.mark.parametrize(
    ("discount", "field"),
    [({"percent": 10}, "discount.reason"), ({"percent": 10, "reason": " "}, "discount.reason"),
     ({"percent": 0, "reason": "x"}, "discount.percent"), ({"percent": 101, "reason": "x"}, "discount.percent"),
     ({"amount_cents": -1, "reason": "x"}, "discount.amount_cents"), ({"reason": "x"}, "discount"),
     ({"percent": 1, "amount_cents": 1, "reason": "x"}, "discount"), (5, "discount")],
)  # fmt: skip
def test_what_is_no_discount_is_refused_at_its_field(app, personas, programme, discount, field) -> None:
    program = Caller(app, personas.home, "manager")
    answer = program.call("POST", "/checkouts", api(programme, discount=discount))
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def api(programme: Programme, **more: Any) -> dict[str, Any]:
    line = {"ticket_type_id": str(programme.types["Adult"]), "quantity": 2}
    return {"event_id": str(programme.event_id), "lines": [line]} | more


def test_a_program_lowers_what_its_role_may(app, personas: Personas, programme: Programme) -> None:
    with personas.home.scope():
        db.session.add(Discount(event_id=programme.event_id, code="HALF", kind="percent", percent=50))
        commit()
    clerk = Caller(app, personas.home, "box_office")
    made = clerk.call("POST", "/checkouts", api(programme, code="half", **less(percent=10)), key="a")
    assert made.status_code == 201
    assert (made.json["total_cents"], made.json["discount_cents"], made.json["fees"]) == (31504, 38506, [])
    again = clerk.call("POST", "/checkouts", api(programme, code="half", **less(percent=10)), key="a")
    assert again.json == made.json
    above = clerk.call("POST", "/checkouts", api(programme, **less(percent=11)))
    assert (above.status_code, above.json["type"], list(above.json["errors"])) == (403, "above_limit", ["discount"])
    assert clerk.call("POST", "/checkouts", api(programme, approval=PIN, **less(percent=11))).status_code == 422
    unknown = clerk.call("POST", "/checkouts", api(programme, code="WINTER"))
    assert (unknown.status_code, list(unknown.json["errors"])) == (422, ["code"])
    for code in ("", "x" * 41, "a\0b", 5):
        assert clerk.call("POST", "/checkouts", api(programme, code=code)).status_code == 422
    assert Caller(app, personas.home, "accountant").call("POST", "/checkouts", api(programme)).status_code == 403
    theirs = Caller(app, personas.abroad, "owner")
    assert theirs.call("POST", "/checkouts", api(programme, **less(percent=1))).status_code == 404
    outsider = personas.outsider()
    assert hold(outsider, programme, approval=PIN, **less(percent=90)).status_code == 404
    assert violations() == {}


def test_the_checker_sees_a_discount_that_nobody_gave(personas, programme, database) -> None:
    """Negative control: the probe that finds nothing above finds a row that says otherwise than the lines."""
    hold(personas.client("owner"), programme, **less(percent=50))
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE clerk_discount SET off_cents = off_cents - 1")
    assert violations() == {"I5": 1}


def test_without_the_limit_a_clerk_could_give_it_all_away(personas, programme, monkeypatch) -> None:
    """Negative control: with the guard off, what was refused above is held."""
    assert hold(personas.client("box_office"), programme, **less(percent=90)).status_code == 403
    monkeypatch.setattr("voelgoed.selling.lowering._within", lambda limit, off, before: True)
    assert hold(personas.client("box_office"), programme, **less(percent=90)).status_code == 201
