"""A sale is told by the request that completed it, unread, as by everybody who reads it afterwards; on both ways."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.checkout.programme import Programme, Sold, put_on
from tests.personas import Personas
from tests.selling.test_selling_api import Caller
from voelgoed.selling import complete, told_here

FLASKS_WAY = "?way=flask"
"""A query is Flask's business, not the express lane's."""


@pytest.fixture
def clerk(app: Flask, personas: Personas) -> Caller:
    return Caller(app, personas.home, "box_office")


@pytest.fixture
def programme(personas: Personas) -> Programme:
    with personas.home.scope():
        return put_on(
            Sold(name="Adult", price_cents=23000, capacity=200, most=60),
            Sold(name="Child", price_cents=9950, capacity=200, most=60),
        )


def sold(clerk: Caller, programme: Programme, way: str, key: str) -> dict[str, Any]:
    """Sell three and two, with more money than is due; returns what the call that completed it said."""
    lines = [{"ticket_type_id": str(programme.types["Child"]), "quantity": 2}]
    lines.append({"ticket_type_id": str(programme.types["Adult"]), "quantity": 3})
    opened = clerk.call(
        "POST", f"/checkouts{way}", {"event_id": str(programme.event_id), "lines": lines}, key=f"o{key}"
    )
    assert opened.status_code == 201
    cash = {"gateway": "cash", "amount_cents": opened.json["total_cents"], "tendered_cents": 100_000}
    paid = clerk.call("POST", f"/checkouts/{opened.json['id']}/complete{way}", {"payments": [cash]}, key=f"c{key}")
    assert paid.status_code == 200
    body: dict[str, Any] = paid.json
    return body


@pytest.mark.parametrize("way", ["", FLASKS_WAY])
def test_who_sold_is_told_what_everybody_reads(
    clerk: Caller, programme: Programme, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    sold(clerk, programme, way, "first")  # whose key and series are made
    read: list[UUID] = []
    monkeypatch.setattr(complete, "told_of", lambda checkout_id: read.append(checkout_id))
    said = sold(clerk, programme, way, "second")
    assert (said["status"], len(said["tickets"]), read) == ("paid", 5, [])
    assert said["change_cents"] > 0
    assert said == clerk.call("GET", f"/checkouts/{said['id']}").json


def test_what_is_told_unread_is_compared_to_the_code(
    clerk: Caller, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_here, "FIRST_VERSION", 2)
    said = sold(clerk, programme, "", "wrong")
    assert said != clerk.call("GET", f"/checkouts/{said['id']}").json


def test_both_ways_remember_one_key(clerk: Caller, programme: Programme) -> None:
    asked = {"event_id": str(programme.event_id),
             "lines": [{"ticket_type_id": str(programme.types["Adult"]), "quantity": 1}]}  # fmt: skip
    first, again = (clerk.call("POST", f"/checkouts{way}", asked, key="one") for way in ("", FLASKS_WAY))
    assert (first.status_code, first.json["id"]) == (201, again.json["id"])
    other = clerk.call("POST", "/checkouts", asked | {"replaces": first.json["id"]}, key="one")
    assert (other.status_code, other.json["type"]) == (422, "key_reused")


def test_the_lane_lets_nobody_in_who_may_not(app: Flask, personas: Personas, programme: Programme) -> None:
    """The outsider's token finds no such checkout; a lesser role is refused; neither on either way."""
    clerk = Caller(app, personas.home, "box_office")
    asked = {"event_id": str(programme.event_id),
             "lines": [{"ticket_type_id": str(programme.types["Adult"]), "quantity": 1}]}  # fmt: skip
    opened = clerk.call("POST", "/checkouts", asked, key="held").json
    cash = {"payments": [{"gateway": "cash", "amount_cents": opened["total_cents"]}]}
    for house, role, expected in ((personas.abroad, "manager", 404), (personas.home, "gate_supervisor", 403)):
        caller = Caller(app, house, role)
        for way in ("", FLASKS_WAY):
            path = f"/checkouts/{opened['id']}/complete{way}"
            assert caller.call("POST", path, cash, key="x").status_code == expected
            assert caller.call("POST", f"/checkouts{way}", asked, key="y").status_code == expected
