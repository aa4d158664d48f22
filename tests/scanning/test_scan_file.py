"""A phone's file of unsent scans: taken in as if it had been sent, once; nothing of it when it was touched."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask
from flask.testing import FlaskClient

from tests.personas import Personas
from tests.scanning.evening import Evening, Phone, put_on
from tests.scanning.test_batches import offline, work
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire
from voelgoed.scanning.scan import Scan


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    return put_on(app, personas.home)


def written(phone: Phone, scans: Any) -> dict[str, Any]:
    """Write the file as the phone does."""
    salt, iv = os.urandom(16), os.urandom(12)
    head = {"kind": "voelgoed-scans", "version": 1, "device": str(phone.id), "batch_id": str(uuid4())}
    secret = hashlib.sha256(phone.token.encode()).digest()
    key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"voelgoed-scans").derive(secret)
    bound = ".".join(str(one) for one in head.values()).encode()
    sealed = AESGCM(key).encrypt(iv, json.dumps(scans).encode(), bound)
    plain = {"salt": salt, "iv": iv, "sealed": sealed}
    return {**head, **{name: base64.b64encode(value).decode() for name, value in plain.items()}}


def give(client: FlaskClient, evening: Evening, content: Any, slug: str = "home") -> Any:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    address = f"/{slug}/events/{evening.event_id}/scan-files"
    return client.post(address, data={"file": (io.BytesIO(raw), "scans.json")}, content_type="multipart/form-data")


def recorded(evening: Evening) -> list[tuple[str, int]]:
    work(evening)
    with evening.house.scope():
        return [(one.verdict, one.sequence) for one in rows(Scan).order_by(Scan.sequence)]


def test_a_file_counts_once_as_if_the_phone_had_sent_it(evening: Evening, personas: Personas) -> None:
    phone, code = evening.phone(), evening.code()
    scans = [offline(phone, code), offline(phone, code, "duplicate")]
    file, heard = written(phone, scans), now() - timedelta(hours=1)
    with evening.house.scope():
        rows(Device).one().last_heard_at = heard
        commit()
    supervisor = personas.client("gate_supervisor")
    assert "Take it in" in supervisor.get(f"/home/events/{evening.event_id}/scan-files").text
    for _ in range(2):
        answer = give(supervisor, evening, file)
        assert (answer.status_code, "2 scans of phone at South are here" in answer.text) == (200, True)
    assert give(supervisor, evening, written(phone, scans)).status_code == 200  # taken out once more
    assert recorded(evening) == [("offline_admitted", 1), ("duplicate", 2)]
    with evening.house.scope():
        assert rows(ScanBatch).count() == 2
        assert rows(Device).one().last_heard_at == heard  # a file is no sign of life
    assert "silent" in supervisor.get(f"/home/events/{evening.event_id}/phones").text


def test_a_file_of_a_phone_out_of_service_waits_for_a_person(evening: Evening, personas: Personas) -> None:
    phone, code = evening.phone(), evening.code()
    with evening.house.scope("gate_supervisor"):
        retire(rows(Device).one(), lost=True)
        commit()
    answer = give(personas.client("gate_supervisor"), evening, written(phone, [offline(phone, code)]))
    assert "a person decides" in answer.text
    assert recorded(evening) == []
    with evening.house.scope():
        assert rows(ScanBatch).one().state == "quarantined"


def test_a_file_of_a_phone_long_out_of_service_is_refused(evening: Evening, personas: Personas) -> None:
    phone = evening.phone()
    with evening.house.scope("gate_supervisor"):
        rows(Device).one().retired_at = now() - timedelta(hours=73)
        commit()
    answer = give(personas.client("gate_supervisor"), evening, written(phone, [offline(phone, evening.code())]))
    assert (answer.status_code, "more than 72 hours ago: nothing was taken in" in answer.text) == (422, True)
    with evening.house.scope():
        assert rows(ScanBatch).count() == 0


@pytest.mark.parametrize("touched", ["sealed", "salt", "iv", "device", "batch_id", "scans", "other", "junk", "none"])
def test_a_file_that_was_touched_brings_nothing_in(evening: Evening, personas: Personas, touched: str) -> None:
    phone, other = evening.phone(), evening.phone("North")
    file: Any = written(phone, [offline(phone, evening.code())])
    if touched in ("sealed", "salt", "iv"):
        raw = bytearray(base64.b64decode(file[touched]))
        raw[3] ^= 1
        file[touched] = base64.b64encode(raw).decode()
    elif touched == "device":
        file["device"] = str(other.id)
    elif touched == "batch_id":
        file["batch_id"] = str(uuid4())
    else:
        file = {
            "scans": written(phone, {"no": "list"}),
            "other": {**file, "more": 1},
            "junk": b"\x00\xff",
            "none": b"",
        }[touched]
    answer = give(personas.client("gate_supervisor"), evening, file)
    assert (answer.status_code, 'class="error"' in answer.text) == (422, True)
    assert recorded(evening) == []
    with evening.house.scope():
        assert rows(ScanBatch).count() == 0


def test_only_those_who_decide_at_the_gate_may(evening: Evening, personas: Personas) -> None:
    phone = evening.phone()
    file = written(phone, [offline(phone, evening.code())])
    assert give(personas.client("box_office"), evening, file).status_code == 403
    assert give(personas.outsider(), evening, file).status_code == 404
    assert give(personas.outsider(), evening, file, "abroad").status_code == 404
    elsewhere = put_on(evening.app, evening.house, name="Next door")
    assert "No phone of this event" in give(personas.client("gate_supervisor"), elsewhere, file).text
    assert recorded(evening) == []
