"""One phone's page and its line in the list: what it said, spares, handing in, holes, a program's token, push."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.control.test_phones import ask, phones
from tests.personas import Personas
from tests.scanning.evening import Evening
from tests.scanning.test_move import beat
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.live.push import look
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.device import Device
from voelgoed.scanning.pairing import Pairing


def one(evening: Evening, device_id: object) -> str:
    return f"{phones(evening)}/{device_id}"


def test_what_a_phone_says_of_itself_stands_in_the_list_and_on_its_page(evening: Evening, personas: Personas) -> None:
    phone = evening.phone()
    made = (now() - timedelta(minutes=31)).isoformat()
    ahead = (now() + timedelta(minutes=5)).isoformat()
    told = beat(
        phone, unsent=12, battery=9, bundle_version="7-1-5.812", bundle_made_at=made, app_version="0ld", clock=ahead
    )
    assert (told["state"], told["device"]["role"]) == ("active", "steward")
    client = personas.client("auditor")
    page = client.get(phones(evening)).text
    for words in ("12 unsent", "battery 9%", "bundle 31 min old", "clock 5 min off", "older app"):
        assert words in page
    page = client.get(one(evening, phone.id)).text
    for words in ("7-1-5.812", "12 scans", "not the newest", "whole", personas.app.config["PUBLIC_URL"]):
        assert words in page
    assert "<form" not in page.split("<main")[1]  # an auditor only looks
    right = now().isoformat()
    beat(phone, bundle_version="7-1-5.900", bundle_made_at=right, battery=80, clock=right)
    page = client.get(phones(evening)).text
    assert not [words for words in ("unsent", "battery 9", "31 min", "min off", "older app") if words in page]


def test_trouble_is_before_what_is_well(evening: Evening, personas: Personas) -> None:
    well, ill = evening.phone("North"), evening.phone("South")
    for phone, battery in ((well, 80), (ill, 5)):
        beat(phone, battery=battery, bundle_version="1", bundle_made_at=now().isoformat())
    page = personas.client("owner").get(phones(evening)).text
    assert page.index(">phone at South</a>") < page.index(">phone at North</a>")


def test_holes_in_the_sequence_are_shown(evening: Evening, personas: Personas) -> None:
    phone, client = evening.phone(), personas.client("gate_supervisor")
    phone.scan(evening.code())
    assert "missing" not in client.get(phones(evening)).text
    for _ in range(2):
        next(phone.numbers)
    phone.scan(evening.code())
    next(phone.numbers)
    phone.scan(evening.code())
    assert "3 missing in its sequence" in client.get(phones(evening)).text
    assert re.search(r"missing: 2–3,\s+5<", client.get(one(evening, phone.id)).text)
    beat(phone, unsent=3)  # they are on their way
    assert "missing in its sequence" not in client.get(phones(evening)).text


def test_a_spare_waits_and_is_put_to_use_by_moving_it(evening: Evening, personas: Personas) -> None:
    client = personas.client("gate_supervisor")
    data = {"name": "Spare 1", "gate_id": str(evening.gates["South"]), "role": "supervisor", "spare": "yes"}
    page = client.post(f"/home/events/{evening.event_id}/pairings", data=data).text
    code = re.search(r"\b([A-Z2-9]{4}-[A-Z2-9]{6})\b", page)
    assert code is not None
    said = {"organization": "home", "pairing_code": code.group(1)}
    paired = personas.app.test_client().post("/api/v1/devices/pair", json=said).json
    assert paired is not None
    assert paired["device"]["role"] == "supervisor"
    with personas.home.scope():
        device = rows(Device).one()
        assert device.spare
        device.last_heard_at = now() - timedelta(hours=2)
        commit()
    page = client.get(phones(evening)).text
    assert "spare</span>" in page
    assert "silent" not in page  # nobody expects it to speak
    place = {"place": f"{evening.event_id}/{evening.gates['North']}"}
    client.post(one(evening, paired["device"]["id"]) + "/moves", data=place)
    assert "silent" in client.get(phones(evening)).text


def test_a_retired_phone_hands_in_first_and_then_goes(evening: Evening, personas: Personas) -> None:
    phone, client = evening.phone(), personas.client("gate_supervisor")
    away = one(evening, phone.id) + "/retirements"
    assert client.post(away).status_code == 303
    assert beat(phone, unsent=2)["state"] == "retiring"
    assert "handing in" in client.get(phones(evening)).text
    assert phone.scan(evening.code())["verdict"] == "admitted"  # it is not closed, only asked to go
    assert beat(phone, unsent=0)["state"] == "retiring"
    answer = phone.send(phone.body(evening.code()))
    assert (answer.status_code, answer.json["type"], answer.json["wipe"]) == (401, "device_revoked", "bundle")
    assert "retired" in client.get(one(evening, phone.id)).text


def test_a_phone_is_named_and_the_trail_knows(evening: Evening, personas: Personas) -> None:
    phone, client = evening.phone(), personas.client("manager")
    said = {"name": "North left", "role": "supervisor"}
    assert client.post(one(evening, phone.id), data=said).status_code == 303
    assert beat(phone)["device"] == {"id": str(phone.id), "name": "North left", "role": "supervisor"}
    for bad in ({**said, "name": ""}, {**said, "role": "owner"}):
        assert client.post(one(evening, phone.id), data=bad).status_code == 422
    with personas.home.scope():
        entry = rows(AuditEntry).filter_by(object="device").order_by(AuditEntry.id.desc()).first()
        assert entry is not None
        assert entry.changes == {"name": ["phone at South", "North left"], "role": ["steward", "supervisor"]}


def test_a_program_gets_a_token_once_and_scans_with_it(evening: Evening, personas: Personas) -> None:
    path = f"events/{evening.event_id}/device-tokens"
    data = {"name": "Turnstile 1", "gate_id": str(evening.gates["South"])}
    assert personas.client("auditor").post(f"/home/{path}", data=data).status_code == 403
    assert personas.outsider().post(f"/abroad/{path}", data=data).status_code == 404
    client = personas.client("gate_supervisor")
    assert client.post(f"/home/{path}", data={**data, "gate_id": "x"}).status_code == 422
    answer = client.post(f"/home/{path}", data=data)
    token = re.search(r'value="(vgd_[\w-]+)"', answer.text)
    assert token is not None
    assert answer.headers["Cache-Control"] == "no-store"
    header = {"Authorization": f"Bearer {token.group(1)}"}
    body = evening.phone().body(evening.code())
    scanned = personas.app.test_client().post("/api/v1/scans", json=body, headers=header)
    assert scanned.json is not None
    assert scanned.json["verdict"] == "admitted"
    page = client.get(phones(evening)).text
    assert "turnstile" in page
    assert token.group(1) not in page


@pytest.mark.parametrize("field", ["role", "spare"])
def test_a_crooked_pairing_makes_nothing(evening: Evening, personas: Personas, field: str) -> None:
    data = {"name": "x", "gate_id": str(evening.gates["South"]), field: "turnstile"}
    answer = personas.client("owner").post(f"/home/events/{evening.event_id}/pairings", data=data)
    assert answer.status_code == 422
    with personas.home.scope():
        assert rows(Pairing).all() == []


def test_the_push_shows_the_list_and_no_deed(evening: Evening, personas: Personas) -> None:
    phone = evening.phone()
    beat(phone, unsent=4)
    [pushed] = look(personas.app, personas.home.organization_id, "devices", evening.event_id)
    assert pushed.id == "devices"
    assert "4 unsent" in pushed.html
    assert f'/home/events/{evening.event_id}/phones/{phone.id}"' in pushed.html
    assert "<form" not in pushed.html
    assert 'id="devices"' in personas.client("auditor").get(f"{phones(evening)}/list").text
    assert personas.outsider().get(f"/abroad/events/{evening.event_id}/phones/list").status_code == 404
    assert ask(personas.client("owner"), evening, evening.gates["South"])[0] == 200


@pytest.mark.deep
@pytest.mark.journey
def test_the_list_changes_by_push(evening: Evening, watch: Callable[..., Page]) -> None:
    phone = evening.phone()
    page = watch(phones(evening), width=390)
    expect(page.locator("[data-live-state=pushed]")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    beat(phone, unsent=12)
    expect(page.locator("#devices")).to_contain_text("12 unsent")
    beat(phone, unsent=0)
    expect(page.locator("#devices")).not_to_contain_text("unsent")
    assert asked == []  # nothing was fetched: it came
