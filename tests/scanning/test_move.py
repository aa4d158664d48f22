"""A phone moves to another gate or event, and what it recorded before stays where it stood."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.personas import Personas
from tests.scanning.evening import Evening, Phone, put_on
from tests.scanning.test_batches import offline, post, work
from tests.selling.checking import violations
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.device import Device
from voelgoed.scanning.device_move import DeviceMove
from voelgoed.scanning.scan import Scan


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    return put_on(app, personas.home)


@pytest.fixture
def later(app: Flask, personas: Personas) -> Evening:
    """Another event, at another venue, on at the same time."""
    return put_on(app, personas.home, name="Later")


def beat(phone: Phone, **said: Any) -> dict[str, Any]:
    """Send a heartbeat and return the answer."""
    answer = phone.client.post(
        "/api/v1/devices/heartbeat", json=said, headers={"Authorization": f"Bearer {phone.token}"}
    )
    assert answer.status_code == 200, answer.json
    told: dict[str, Any] = answer.json
    return told


def move(personas: Personas, phone: Phone, to: tuple[Evening, str], role: str = "gate_supervisor") -> int:
    """Move a phone as a person with a role does; returns the status."""
    evening, gate = to
    with personas.home.scope():
        event_id = rows(Device).get(phone.id).event_id
    data = {"place": f"{evening.event_id}/{evening.gates[gate]}"}
    return personas.client(role).post(f"/home/events/{event_id}/phones/{phone.id}/moves", data=data).status_code


def test_a_moved_phone_hears_so_and_its_move_is_in_the_trail(evening: Evening, personas: Personas) -> None:
    phone = evening.phone("South")
    assert beat(phone)["gate"]["name"] == "South"
    assert move(personas, phone, (evening, "North")) == 303
    assert beat(phone)["gate"]["name"] == "North"
    with personas.home.scope():
        left = rows(DeviceMove).one()
        assert (left.gate_id, left.actor) == (evening.gates["South"], "gate_supervisor of home")
        entry = rows(AuditEntry).filter_by(object="device").order_by(AuditEntry.id.desc()).first()
        assert entry is not None
        assert entry.changes["gate_id"] == [str(evening.gates["South"]), str(evening.gates["North"])]
    page = personas.client("auditor").get(f"/home/events/{evening.event_id}/phones/{phone.id}").text
    assert "Stood before" in page
    assert "gate_supervisor of home" in page


def test_the_answer_to_a_scan_says_that_the_phone_stands_elsewhere(evening: Evening, personas: Personas) -> None:
    phone = evening.phone("South")
    south = str(evening.gates["South"])
    assert phone.scan(evening.code(), gate_id=south)["moved"] is False
    move(personas, phone, (evening, "North"))
    assert phone.scan(evening.code(), gate_id=south)["moved"] is True
    assert phone.scan(evening.code(), gate_id=str(evening.gates["North"]))["moved"] is False


def test_unsent_scans_count_at_the_event_and_gate_where_they_were_made(
    evening: Evening, later: Evening, personas: Personas
) -> None:
    phone, code, new = evening.phone("South"), evening.code(), later.code()
    here = {"event_id": str(evening.event_id), "gate_id": str(evening.gates["South"])}
    there = {"event_id": str(later.event_id), "gate_id": str(later.gates["North"])}
    move(personas, phone, (later, "North"))
    told = beat(phone)
    assert (told["event"]["name"], told["gate"]["name"]) == ("Later", "North")
    assert phone.scan(new, **there)["verdict"] == "admitted"
    post(phone, [offline(phone, code, **here)])
    assert work(evening) == 1
    with personas.home.scope():
        old = rows(Scan).filter(Scan.event_id == evening.event_id).one()
        assert (old.verdict, old.gate_id) == ("offline_admitted", evening.gates["South"])
        assert rows(Scan).filter(Scan.event_id == later.event_id).one().verdict == "admitted"
    assert violations() == {}


def test_a_scan_on_its_way_while_the_phone_was_moved_counts_where_it_stood(
    evening: Evening, later: Evening, personas: Personas
) -> None:
    phone, code = evening.phone("South"), evening.code()
    move(personas, phone, (later, "North"))
    said = phone.scan(code, event_id=str(evening.event_id), gate_id=str(evening.gates["South"]))
    assert (said["verdict"], said["moved"]) == ("admitted", True)
    assert phone.scan(evening.code())["verdict"] == "wrong_event"  # who does not say where, stands where it stands


def test_where_it_never_stood_a_phone_lets_nobody_in(evening: Evening, later: Evening) -> None:
    """Negative control: it is the move that lets the scan above count, not the phone's word."""
    phone, code = evening.phone("South"), later.code()
    said = phone.scan(code, event_id=str(later.event_id), gate_id=str(later.gates["North"]))
    assert said["verdict"] == "wrong_event"


def test_only_some_may_move_and_only_within_the_house(
    app: Flask, evening: Evening, later: Evening, personas: Personas
) -> None:
    phone = evening.phone()
    abroad = put_on(app, personas.abroad, name="Theirs")
    for role, status in (("auditor", 403), ("box_office", 403), ("accountant", 403), ("gate_supervisor", 303)):
        assert move(personas, phone, (evening, "North"), role) == status
    assert move(personas, phone, (abroad, "North")) == 422
    path = f"events/{evening.event_id}/phones/{phone.id}"
    data = {"place": f"{later.event_id}/{later.gates['South']}", "name": "x", "role": "steward", "how": "lost"}
    for deed in ("", "/moves", "/retirements"):
        assert personas.outsider().post(f"/home/{path}{deed}", data=data).status_code == 404
        assert personas.outsider().post(f"/abroad/{path}{deed}", data=data).status_code == 404
        assert personas.client("auditor").post(f"/home/{path}{deed}", data=data).status_code == 403
    assert personas.outsider().get(f"/abroad/{path}").status_code == 404
    assert personas.client("box_office").get(f"/home/{path}").status_code == 403
    other = path.replace(str(evening.event_id), str(later.event_id))
    assert personas.client("owner").get(f"/home/{other}").status_code == 404  # of another event
    with personas.home.scope():
        assert rows(Device).get(phone.id).lost_at is None


def test_a_crooked_place_is_said_at_its_field(evening: Evening, personas: Personas) -> None:
    phone = evening.phone()
    path = f"/home/events/{evening.event_id}/phones/{phone.id}/moves"
    for place in ("", "x", f"{evening.event_id}/{UUID(int=0)}", f"{UUID(int=0)}/{evening.gates['South']}"):
        answer = personas.client("owner").post(path, data={"place": place})
        assert answer.status_code == 422
        assert 'id="place-error"' in answer.text
