"""Card machines: each day's batch total beside what was keyed; a difference keeps its reason."""

from __future__ import annotations

from uuid import UUID

from tests.checkout.programme import Sold, hold, put_on
from tests.personas import Personas
from voelgoed.boxoffice.machine_pages import keyed_on
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.payments.payment import Charge, Payment
from voelgoed.tills.shift import CardMachine, MachineTotal, Shift


def keyed(personas: Personas, machine_id: UUID, cents: int) -> str:
    """Take a card payment on a machine, as its rows say; returns the trading day."""
    with personas.home.scope("box_office"):
        checkout_id = hold(put_on(Sold(price_cents=cents)))
        shift = rows(Shift).get(personas.home.shifts["box_office"])
        charge = Charge(
            checkout_id=checkout_id, attempt=1, tender=1, gateway="card", machine_id=machine_id, shift_id=shift.id,
            key=f"k{checkout_id}", amount_cents=cents, currency="ZAR", reference="4711",
        )  # fmt: skip
        db.session.add(charge)
        db.session.flush()
        db.session.add(
            Payment(checkout_id=checkout_id, charge_id=charge.id, shift_id=shift.id, gateway="card",
                    key=f"k{checkout_id}", amount_cents=cents, rounding_cents=0)
        )  # fmt: skip
        commit()
        return str(shift.trading_day.isoformat())


def test_a_batch_total_is_compared_and_a_difference_keeps_its_reason(personas: Personas) -> None:
    manager, accountant = personas.client("manager"), personas.client("accountant")
    for name in ("Yoco 1", "Yoco 2"):
        assert manager.post("/home/card-machines", data={"name": name}).status_code == 303
    with personas.home.scope():
        first, second = (one.id for one in rows(CardMachine).order_by(CardMachine.name))
    day = keyed(personas, first, 23_000)
    keyed(personas, first, 7_000)
    with personas.home.scope():
        assert keyed_on(rows(Shift).first().trading_day) == {first: 30_000}
    assert "R300.00" in accountant.get(f"/home/card-machines?day={day}").text
    path = f"/home/card-machines/{first}/totals"
    assert accountant.post(path, data={"day": day, "batch": "290"}).status_code == 422
    for wrong in ({"batch": "x"}, {"day": "x"}, {"batch": "-1"}, {"more": "1"}):
        assert accountant.post(path, data={"day": day, "batch": "300"} | wrong).status_code == 422, wrong
    said = {"day": day, "batch": "290", "reason": "a slip of R10 is missing"}
    assert accountant.post(path, data=said).status_code == 303
    assert accountant.post(path, data=said).status_code == 422  # once
    shown = accountant.get(f"/home/card-machines?day={day}").text
    assert "differs by −R10.00" in shown
    assert "a slip of R10 is missing" in shown
    assert accountant.post(f"/home/card-machines/{second}/totals", data={"day": day, "batch": "0"}).status_code == 303
    assert "fits" in accountant.get(f"/home/card-machines?day={day}").text
    with personas.home.scope():
        assert {one.batch_cents - one.keyed_cents for one in rows(MachineTotal)} == {-1_000, 0}


def test_who_may_and_outsiders(personas: Personas) -> None:
    assert personas.client().post("/home/card-machines", data={"name": "Yoco 1"}).status_code == 303
    with personas.home.scope():
        machine = rows(CardMachine).one().id
    roles = ("box_office", "accountant", "auditor", "gate_supervisor")
    seen = {role: personas.client(role).get("/home/card-machines").status_code for role in roles}
    assert seen == {"box_office": 403, "accountant": 200, "auditor": 200, "gate_supervisor": 403}
    total = {"day": "2026-11-24", "batch": "0"}
    for role in ("box_office", "auditor"):
        assert personas.client(role).post(f"/home/card-machines/{machine}/totals", data=total).status_code == 403
    assert personas.client("accountant").post("/home/card-machines", data={"name": "Mine"}).status_code == 403
    outsider = personas.outsider()
    for word in ("totals", "archive"):
        assert outsider.post(f"/abroad/card-machines/{machine}/{word}", data=total).status_code == 404
        assert outsider.post(f"/home/card-machines/{machine}/{word}", data=total).status_code == 404
    assert personas.client().post(f"/home/card-machines/{machine}/archive").status_code == 303
    assert "<b>Yoco 1</b>" not in personas.client().get("/home/card-machines").text
