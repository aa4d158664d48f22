"""The report of discounts and fees: codes, clerks with their reasons, fees; by event and period, as page and file."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.checkout.programme import Programme, Sold, hold, pay, put_on
from tests.personas import Personas
from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.clerk_discount import Lowering
from voelgoed.checkout.discount import Discount
from voelgoed.checkout.fee import Fee
from voelgoed.foundation import waiting
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.ledger.trading_day import trading_day
from voelgoed.selling.refund_checkout import RefundCheckout, refund_once
from voelgoed.ticketing.ticket import Ticket

REASON = "=HYPERLINK('evil') late"


@pytest.fixture
def programme(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """Return an event with two sales that were lowered, one of them given back, and a hold that was not paid."""
    monkeypatch.setattr(waiting, "STEP_IN_AFTER", 0.0)
    with personas.home.scope("manager"):
        made = put_on(Sold(price_cents=20000, capacity=20), name="Somernagte")
        db.session.add(Discount(event_id=made.event_id, code="SUMMER", kind="percent", percent=10))
        db.session.add(Fee(event_id=made.event_id, name="Booking fee", per="ticket", kind="amount", amount_cents=1150,
                           vat_rate_bp=1500))  # fmt: skip
        commit()
        first = hold(made, 2, code="SUMMER", lowering=lowering(50))
        pay(first)
        pay(hold(made, 1, code="SUMMER"))
        hold(made, 3, code="SUMMER", lowering=lowering(20))
        ticket = rows(Ticket).order_by(Ticket.number).first()
        refund_once(RefundCheckout(first, "refund", "rain", "k", (ticket.id,)))
        commit()
        return made


def lowering(percent: int) -> Lowering:
    return Lowering(percent, None, REASON, lambda off, before: "Thandi")


def table(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_what_changed_prices_is_added_up_and_listed(personas: Personas, programme: Programme) -> None:
    with personas.home.scope():
        first = rows(Checkout).filter(Checkout.number == 1).one().id
        today = trading_day(now(), "Africa/Johannesburg")
    reader = personas.client("accountant")
    page = reader.get("/home/ledger/prices").text
    for words in ("SUMMER", "R60.00", "R180.00", "manager of home", "approved by Thandi", "50 %", "R34.50", "R11.50",
                  f"/home/sales/{first}"):  # fmt: skip
        assert words in page, words
    assert "R72.00" not in page, "what was not paid lowered nothing"
    assert "Discounts and fees" in reader.get("/home/ledger/takings").text
    for nothing in (f"since={today + timedelta(1)}", f"until={today - timedelta(1)}", f"event={uuid4()}"):
        assert "No price was changed" in reader.get(f"/home/ledger/prices?{nothing}").text
    here = f"since={today}&until={today}&event={programme.event_id}"
    assert "SUMMER" in reader.get(f"/home/ledger/prices?{here}").text
    assert reader.get("/home/ledger/prices?since=soon").status_code == 422
    assert reader.get("/home/ledger/prices.csv?event=x").status_code == 422
    found = table(reader.get(f"/home/ledger/prices.csv?{here}").text)
    assert [(one["sale"], one["what"], one["off the price"], one["fee"], one["fee given back"]) for one in found] == [
        ("1", "code", "40.00", "", ""), ("2", "code", "20.00", "", ""), ("1", "clerk's discount", "180.00", "", ""),
        ("1", "fee", "", "23.00", "11.50"), ("2", "fee", "", "11.50", "0.00"),
    ]  # fmt: skip
    clerk = found[2]
    assert (clerk["person"], clerk["approved by"], clerk["reason"]) == ("manager of home", "Thandi", f"'{REASON}")
    sheet = zipfile.ZipFile(io.BytesIO(reader.get("/home/ledger/prices.xlsx").data))
    cells = sheet.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>180" in cells
    assert "<f>" not in cells, "a reason is no formula"


def test_who_reads_it(personas: Personas, programme: Programme) -> None:
    paths = ("ledger/prices", "ledger/prices.csv", "ledger/prices.xlsx")
    for role, status in (("owner", 200), ("manager", 200), ("auditor", 200), ("box_office", 403),
                         ("gate_supervisor", 403)):  # fmt: skip
        assert {personas.client(role).get(f"/home/{path}").status_code for path in paths} == {status}, role
    outsider = personas.outsider()
    assert {outsider.get(f"/home/{path}").status_code for path in paths} == {404}
    theirs = outsider.get(f"/abroad/ledger/prices?event={programme.event_id}").text
    assert "No price was changed" in theirs
    assert "Somernagte" not in theirs
