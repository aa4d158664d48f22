"""Who has no business at this gate: nobody, phones out of service, of another event, of another organization."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.test import TestResponse

from tests.personas import Personas
from tests.scanning.evening import Evening, Phone, put_on
from voelgoed.accounts.roles import deeds, may
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.live.kinds import _kinds
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import SELF
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire

OWN = (".scans.", ".scan_batches.", ".bundles.")
DEVICES = {SELF, *(deed for deed in deeds() if may("device", deed))}
ELSEWHERE = "/api/v1/events/<uuid:event_id>"


@dataclass
class Gate:
    """An evening with something to find: a phone of its own, a scan, a batch, and a code that nobody has used."""

    evening: Evening
    phone: Phone
    scan_id: str
    batch_id: str
    code: str

    def ask(self, method: str, route: str, token: str | None, phone: Phone) -> TestResponse:
        """Call a route about this gate's own things, with any token."""
        path = (
            route.replace("<uuid:event_id>", str(self.evening.event_id))
            .replace("<uuid:scan_id>", self.scan_id)
            .replace("<uuid:batch_key>", self.batch_id)
        )
        bodies: dict[str, Callable[[], Any]] = {
            "/api/v1/scans": lambda: phone.body(self.code),
            "/api/v1/scan-batches": lambda: {"batch_id": str(uuid4()), "scans": [phone.body(self.code)]},
            "/api/v1/ticket-searches": lambda: {"name": "an"},
            "/api/v1/devices/heartbeat": dict,
        }
        body = bodies.get(route, lambda: {"reason": "none"})() if method == "POST" else None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.evening.app.test_client().open(path, method=method, json=body, headers=headers)


@pytest.fixture
def gate(evening: Evening) -> Gate:
    phone = evening.phone()
    scan_id = phone.scan(evening.code())["scan_id"]
    key, bearer = str(uuid4()), {"Authorization": f"Bearer {phone.token}"}
    sent = {"batch_id": key, "scans": [phone.body(evening.code(), offline_verdict="duplicate")]}
    assert phone.client.post("/api/v1/scan-batches", json=sent, headers=bearer).status_code == 202
    return Gate(evening, phone, scan_id, key, evening.code())


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield the method and rule of each route at the gate: all that a device may call, and what lies beside it."""
    for rule in app.url_map.iter_rules():
        called = getattr(app.view_functions[rule.endpoint], "allow", None) in DEVICES
        if any(own in f".{rule.endpoint}." for own in OWN) or (called and rule.rule.startswith("/api/")):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule.rule


def test_the_routes_are_found(app: Flask) -> None:
    found = {f"{method} {rule}" for method, rule in routes(app)}
    assert {"POST /api/v1/scans", "POST /api/v1/scan-batches", f"GET {ELSEWHERE}/bundle"} <= found
    assert {"POST /api/v1/devices/heartbeat", "POST /api/v1/ticket-searches", f"GET {ELSEWHERE}/occupancy"} <= found
    assert {"scan", "scan.decide", "occupancy.read", SELF} <= DEVICES


@pytest.mark.parametrize("token", [None, "", "vgd_", "vgd_" + "A" * 64, "vgu_" + "A" * 64, "nonsense"])
def test_nobody_is_told_anything(gate: Gate, token: str | None) -> None:
    for method, rule in routes(gate.evening.app):
        answer = gate.ask(method, rule, token, gate.phone)
        assert (answer.status_code, gate.code in answer.text) == (401, False), rule


@pytest.mark.parametrize("lost", [False, True])
def test_a_phone_out_of_service_may_hand_in_and_nothing_else(gate: Gate, lost: bool) -> None:
    gone = gate.evening.phone()
    with gate.evening.house.scope("gate_supervisor"):
        retire(rows(Device).get(gone.id), lost=lost)
        commit()
    for method, rule in routes(gate.evening.app):
        answer = gate.ask(method, rule, gone.token, gone)
        if (method, rule) == ("POST", "/api/v1/scan-batches"):
            assert (answer.status_code, answer.json["status"]) == (202, "quarantined")
        else:
            said = answer.json
            assert (answer.status_code, said["type"], said["wipe"]) == (
                401, "device_revoked", "all" if lost else "bundle",
            ), rule  # fmt: skip
    with gate.evening.house.scope():
        assert rows(ScanBatch).filter_by(device_id=gone.id, state="quarantined").count() == 1


@pytest.mark.parametrize("whose", ["another event", "another organization"])
def test_a_phone_from_elsewhere_finds_nothing_here(gate: Gate, personas: Personas, whose: str) -> None:
    house = personas.home if whose == "another event" else personas.abroad
    stranger = put_on(gate.evening.app, house, name="Elsewhere").phone()
    before = _inside(gate)
    for method, rule in routes(gate.evening.app):
        answer = gate.ask(method, rule, stranger.token, stranger)
        if rule == "/api/v1/scans":
            wanted = "wrong_event" if whose == "another event" else "unknown_code"
            said = answer.json
            assert (said["verdict"], said["ticket"], said["previous"]) == (wanted, None, None)
        elif (method, rule) == ("POST", "/api/v1/scan-batches"):
            assert answer.status_code == 202  # it is its own, and lets nobody in
        elif rule == "/api/v1/devices/heartbeat":
            assert answer.json["event"]["id"] == str(stranger.event_id)  # its own
        else:
            assert answer.status_code in (403, 404), (rule, answer.text)
        assert str(gate.evening.event_id) not in answer.text
    assert _inside(gate) == before


def _inside(gate: Gate) -> int:
    with gate.evening.house.scope():
        return int(rows(Admission).count())


def test_no_room_of_a_socket_holds_anothers_event(evening: Evening, personas: Personas) -> None:
    """A room is joined by what its kind loads in the scope of who asks."""
    opened = []
    for kind in _kinds.values():
        with personas.abroad.scope("owner"), pytest.raises(NotFound):
            kind.load(evening.event_id)
        with personas.home.scope("owner"), suppress(NotFound):
            kind.load(evening.event_id)
            opened.append(kind.name)
    assert "occupancy" in opened
