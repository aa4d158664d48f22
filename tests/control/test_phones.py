"""Phones: pairing by a code that is shown once, and taking out of service."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
import segno
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from tests.personas import Personas
from tests.scanning.evening import Evening, put_on
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.device import Device
from voelgoed.scanning.pages import _drawing
from voelgoed.scanning.pairing import Pairing


def phones(evening: Evening, house: str = "home") -> str:
    return f"/{house}/events/{evening.event_id}/phones"


def ask(client: FlaskClient, evening: Evening, gate: UUID | str, name: str = "South left") -> tuple[int, str]:
    answer = client.post(f"/home/events/{evening.event_id}/pairings", data={"name": name, "gate_id": str(gate)})
    return answer.status_code, answer.text


def test_a_code_is_shown_pairs_once_and_says_that_it_did(evening: Evening, personas: Personas) -> None:
    client = personas.client("gate_supervisor")
    status, page = ask(client, evening, evening.gates["South"])
    assert status == 200
    found = re.search(r"\b([A-Z2-9]{4}-[A-Z2-9]{6})\b", page)
    assert found is not None
    with personas.home.scope():
        pairing = db.session.scalars(select(Pairing)).one().id
    asked = f"/home/events/{evening.event_id}/pairings/{pairing}"
    assert "Good for" in client.get(asked).text
    said = {"organization": "home", "pairing_code": found.group(1)}
    paired = personas.app.test_client().post("/api/v1/devices/pair", json=said)
    assert (paired.status_code, paired.json and paired.json["gate"]["name"]) == (201, "South")
    assert personas.app.test_client().post("/api/v1/devices/pair", json=said).status_code == 404
    assert "Paired: South left can scan" in client.get(asked).text
    assert "hx-get" not in client.get(asked).text  # it asks no more
    assert found.group(1) not in client.get(phones(evening)).text


def test_the_square_opens_the_scan_page_with_the_code(evening: Evening, personas: Personas) -> None:
    _, page = ask(personas.client("owner"), evening, evening.gates["South"])
    code = re.search(r"\b([A-Z2-9]{4}-[A-Z2-9]{6})\b", page)
    assert code is not None
    address = f"{personas.app.config['PUBLIC_URL']}/home/scan/#{code.group(1)}"
    assert _drawing(address) in page
    drawn = io.BytesIO()
    segno.make(address, error="m", boost_error=False).save(drawn, kind="png", scale=6, border=4)
    assert zxingcpp.read_barcodes(Image.open(drawn).convert("L"))[0].text == address
    assert "style=" not in _drawing(address)


@pytest.mark.parametrize("name", ["", "x" * 81, "a\x00b"])
def test_a_bad_name_is_said_at_its_field(evening: Evening, personas: Personas, name: str) -> None:
    status, page = ask(personas.client("owner"), evening, evening.gates["South"], name)
    assert status == 422
    assert 'id="name-error"' in page


def test_a_gate_of_elsewhere_is_refused(evening: Evening, personas: Personas) -> None:
    abroad = put_on(personas.app, personas.abroad, name="Theirs")
    for gate in (abroad.gates["South"], "nonsense"):
        status, page = ask(personas.client("owner"), evening, gate)
        assert status == 422
        assert "Choose one of the list." in page


def test_trouble_stands_first(evening: Evening, personas: Personas) -> None:
    heard, silent, never = evening.phone("North"), evening.phone("South"), evening.phone("Rope")
    with personas.home.scope():
        rows(Device).get(heard.id).last_heard_at = now()
        rows(Device).get(silent.id).last_heard_at = now() - timedelta(minutes=9)
        rows(Device).get(never.id).last_heard_at = None
        commit()
    page = personas.client("auditor").get(phones(evening)).text
    places = [page.index(words) for words in ("never heard", ">silent", ">heard") if words in page]
    order = [page.index(f">phone at {gate}</a>") for gate in ("Rope", "South", "North")]
    assert order == sorted(order)
    assert places == sorted(places)
    assert "Show its code" not in page  # an auditor only looks


@pytest.mark.parametrize("lost", [False, True])
def test_a_phone_is_taken_out_and_opens_nothing_more(evening: Evening, personas: Personas, lost: bool) -> None:
    phone, code = evening.phone(), evening.code()
    away = f"{phones(evening)}/{phone.id}/retirements"
    data = {"how": "lost" if lost else "now"}
    assert personas.client("auditor").post(away, data=data).status_code == 403
    assert personas.outsider().post(away.replace("/home/", "/abroad/"), data=data).status_code == 404
    assert personas.client("manager").post(away, data=data).status_code == 303
    answer = phone.send(phone.body(code))
    assert (answer.status_code, answer.json["type"]) == (401, "device_revoked")
    assert answer.json["wipe"] == ("all" if lost else "bundle")
    assert ("lost" if lost else "retired") in personas.client("manager").get(phones(evening)).text


def test_others_pair_nothing(evening: Evening, personas: Personas) -> None:
    data = {"name": "x", "gate_id": str(evening.gates["South"])}
    event = f"events/{evening.event_id}/pairings"
    assert personas.client("box_office").post(f"/home/{event}", data=data).status_code == 403
    assert personas.outsider().post(f"/home/{event}", data=data).status_code == 404
    assert personas.outsider().post(f"/abroad/{event}", data=data).status_code == 404


def test_a_phone_that_scans_is_heard(evening: Evening, personas: Personas) -> None:
    phone = evening.phone()
    with personas.home.scope():
        rows(Device).get(phone.id).last_heard_at = now() - timedelta(hours=1)
        commit()
    client = personas.client("gate_supervisor")
    assert "silent" in client.get(phones(evening)).text
    phone.scan(evening.code())
    page = client.get(phones(evening)).text
    assert "silent" not in page
    assert "heard" in page
