"""Every call with somebody else's ids: not found, whoever asks from outside; not theirs, whoever asks from within."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.conftest import World
from tests.contracts.calls import Desk, desk
from tests.scanning.evening import put_on
from voelgoed.catalog.event import Event
from voelgoed.catalog.gate_passes import keep_places
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import PUBLIC, SELF
from voelgoed.foundation.web.api import Operation, operations

WITH_IDS = [one for one in operations if "<" in one.rule]
BODIES: dict[str, Any] = {
    "complete": {"payments": [{"gateway": "cash", "amount_cents": 35000, "tendered_cents": 35000}]},
    "reversals": {"reason": "Why"},
    "overrides": {"reason": "Why"},
    "refunds": {"amount_cents": 100, "reason": "Why"},
    "void": {"reason": "Why"},
    "blocks": {"reason": "Why"},
    "emptyings": {"reason": "Why"},
}


class Things:
    """One of each thing that a call may name, in the first organization."""

    def __init__(self, table: Desk) -> None:
        line = {"ticket_type_id": str(table.evening.types["Adult"]), "quantity": 1}
        asked = {"event_id": str(table.evening.event_id), "lines": [line]}
        opened = table.client.post("/api/v1/checkouts", json=asked, headers=table.headers("manager"))
        assert opened.status_code == 201, opened.text
        ticket_id, code = table.evening.tickets()[0]
        scanned = table.evening.phone().scan(code)
        assert scanned["verdict"] == "admitted"
        self.ids = {
            "event_id": table.evening.event_id,
            "checkout_id": UUID(opened.json["id"]),  # type: ignore[index]
            "scan_id": UUID(scanned["scan_id"]),
            "ticket_id": ticket_id,
            "batch_key": _batch(table),
            "stop_id": _stop(table),
            "block_id": _block(table),
            "pass_id": _pass(table),
        }

    def path(self, one: Operation) -> str:
        """Return the path of a call with the id of a thing that is there."""
        start, _, rest = one.rule.partition("<")
        name, _, end = rest.partition(">")
        return f"{start}{self.ids[name.rpartition(':')[2]]}{end}"


def _stop(table: Desk) -> UUID:
    """Stop entry at another event, where no test scans."""
    other = put_on(table.world.app, table.world.personas.home, name="Stopped")
    call = f"/api/v1/events/{other.event_id}/entry-stops"
    made = table.client.post(call, json={}, headers=table.headers("manager"))
    assert made.status_code == 201, made.text
    return UUID(made.json["id"])  # type: ignore[index]


def _block(table: Desk) -> UUID:
    ticket_id, _ = table.evening.tickets()[0]
    call = f"/api/v1/tickets/{ticket_id}/blocks"
    made = table.client.post(call, json={"reason": "Stolen"}, headers=table.headers("gate_supervisor"))
    assert made.status_code == 201, made.text
    return UUID(made.json["id"])  # type: ignore[index]


def _pass(table: Desk) -> UUID:
    with table.evening.house.scope("manager"):
        keep_places(rows(Event).get(table.evening.event_id), None, 20)
        commit()
    asked = {"event_id": str(table.evening.event_id), "reason": "Why"}
    made = table.client.post("/api/v1/gate-passes", json=asked, headers=table.headers("gate_supervisor"))
    assert made.status_code == 201, made.text
    return UUID(made.json["id"])  # type: ignore[index]


def _batch(table: Desk) -> UUID:
    call = table.calls()["batch"]
    sent = table.say(call, call.body() if call.body else {})
    assert sent.status_code == 202, sent.text
    return UUID(sent.json["batch_id"])  # type: ignore[index]


@pytest.fixture(scope="module")
def table(world: World) -> Desk:
    """An evening that is on, and tokens to reach it by."""
    return desk(world)


@pytest.fixture(scope="module")
def things(table: Desk) -> Things:
    """One of each thing."""
    return Things(table)


def _ask(table: Desk, path: str, one: Operation, token: str) -> int:
    body = BODIES.get(path.rsplit("/", 1)[-1], {})
    sent = {"json": body} if one.body else {}
    return table.client.open(path, method=one.method, headers=table.headers(token), **sent).status_code


@pytest.mark.parametrize("one", WITH_IDS, ids=lambda one: one.name)
def test_an_outsider_finds_nothing_and_changes_nothing(table: Desk, things: Things, one: Operation) -> None:
    before = table.written()
    assert _ask(table, things.path(one), one, "device abroad" if one.allow == "scan" else "abroad") == 404
    if one.allow == "scan":  # only phones ask, and nobody else is told what there is
        assert _ask(table, things.path(one), one, "abroad") == 403
    assert table.written() == before


@pytest.mark.parametrize("one", WITH_IDS, ids=lambda one: one.name)
def test_a_device_may_only_what_devices_may(table: Desk, things: Things, one: Operation) -> None:
    before = table.written()
    status = _ask(table, things.path(one), one, "device")
    assert status == (200 if one.allow in ("occupancy.read", "scan") else 403)
    if status == 403:
        assert table.written() == before


@pytest.mark.parametrize("one", WITH_IDS, ids=lambda one: one.name)
def test_the_probe_finds_the_thing_where_it_belongs(table: Desk, things: Things, one: Operation) -> None:
    """Without this, a wrong path would pass for a well kept secret."""
    assert _ask(table, things.path(one), one, "device" if one.allow == "scan" else "manager") not in (403, 404)


@pytest.mark.parametrize("one", [one for one in operations if one.body and one.allow not in (PUBLIC, SELF, "scan")],
                         ids=lambda one: one.name)  # fmt: skip
def test_a_lesser_role_is_told_that_it_is_not_its_own(table: Desk, things: Things, one: Operation) -> None:
    path = things.path(one) if "<" in one.rule else one.rule
    assert _ask(table, path, one, "auditor") == 403


@pytest.mark.parametrize("field", ["event_id", "ticket_type_id"])
def test_a_foreign_id_inside_a_body_is_not_found(table: Desk, field: str) -> None:
    abroad = put_on(table.world.app, table.world.personas.abroad, name=f"Elsewhere {field}")
    event, kind = table.evening.event_id, table.evening.types["Adult"]
    if field == "event_id":
        event = abroad.event_id
    else:
        kind = abroad.types["Adult"]
    before = table.written()
    asked = {"event_id": str(event), "lines": [{"ticket_type_id": str(kind), "quantity": 1}]}
    answer = table.client.post("/api/v1/checkouts", json=asked, headers=table.headers("manager"))
    assert answer.status_code in (404, 422), answer.text
    assert table.written() == before


def test_a_phone_at_anothers_gate_is_refused(table: Desk) -> None:
    abroad = put_on(table.world.app, table.world.personas.abroad, name="Elsewhere at the gate")
    phone = table.evening.phone()
    answer = phone.send(phone.body(abroad.code(), gate_id=str(abroad.gates["South"])))
    assert answer.status_code < 500
    assert not (answer.json or {}).get("admitted")
    assert (answer.json or {}).get("ticket") is None
