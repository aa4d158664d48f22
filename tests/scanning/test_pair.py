"""Pairing: ten characters, ten minutes, five tries, one use; the token is shown once and stored hashed."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.scanning.evening import Evening
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import frozen, now
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import MOST_TRIES, make_pairing, normal, retire
from voelgoed.scanning.pairing import Pairing


def new_code(evening: Evening) -> str:
    """Make a pairing code, as a supervisor does."""
    with evening.house.scope("gate_supervisor"):
        event, gate = rows(Event).get(evening.event_id), rows(Gate).get(evening.gates["South"])
        _, code = make_pairing(event, gate, "Spare")
        commit()
        return code


def send(app: Flask, code: str, organization: str = "home") -> Any:
    """Try a code, as a phone does."""
    said = {"organization": organization, "pairing_code": code, "name": "Spare"}
    return app.test_client().post("/api/v1/devices/pair", json=said)


def wrong(code: str) -> str:
    """Return a code with the same selector and another secret."""
    return code[:-1] + ("A" if code[-1] != "A" else "B")


def test_a_code_pairs_once_and_its_token_is_kept_only_as_a_hash(app: Flask, evening: Evening) -> None:
    code = new_code(evening)
    answer = send(app, code)
    assert answer.status_code == 201
    token = answer.json["token"]
    raw = base64.urlsafe_b64decode(token.removeprefix("vgd_") + "=" * (-len(token.removeprefix("vgd_")) % 4))
    assert (raw[:16], len(raw)) == (evening.house.organization_id.bytes, 48)
    with evening.house.scope():
        assert rows(Device).one().token_hash == hash_secret(token)
        assert code.encode() not in rows(Pairing).one().secret_hash
    assert send(app, code).status_code == 404


def test_a_code_is_read_as_it_is_typed(app: Flask, evening: Evening) -> None:
    for typed in (str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "):
        assert send(app, typed(new_code(evening))).status_code == 201


def test_what_is_no_code_opens_nothing(app: Flask, evening: Evening) -> None:
    for typed in ("", "ABCD", "ABCD-EFGHJ", "ABCD-EFGHJKL", "----------", "ABCD-EFG🎟️"):
        assert normal(typed) is None
        assert send(app, typed).status_code == 404


def test_after_five_tries_even_the_right_code_is_refused(app: Flask, evening: Evening) -> None:
    code, other = new_code(evening), new_code(evening)
    assert [send(app, wrong(code)).status_code for _ in range(MOST_TRIES)] == [404] * MOST_TRIES
    assert send(app, code).status_code == 404
    assert send(app, other).status_code == 201  # tries are counted for each code


def test_the_fifth_try_still_pairs(app: Flask, evening: Evening) -> None:
    """Negative control: it is the count that refuses above, not the wrong tries."""
    code = new_code(evening)
    for _ in range(MOST_TRIES - 1):
        send(app, wrong(code))
    assert send(app, code).status_code == 201


def test_a_code_lives_ten_minutes(app: Flask, evening: Evening) -> None:
    for minutes, status in ((9, 201), (11, 404)):
        code = new_code(evening)
        with frozen(now() + timedelta(minutes=minutes)):
            assert send(app, code).status_code == status


def test_a_code_opens_nothing_elsewhere(app: Flask, evening: Evening) -> None:
    code = new_code(evening)
    assert [send(app, code, slug).status_code for slug in ("abroad", "nobody", "-", "home ")] == [404] * 4
    assert send(app, code).status_code == 201


def test_tries_over_all_codes_of_an_organization_are_limited(app: Flask, evening: Evening) -> None:
    code = new_code(evening)
    said = [send(app, "ZZZZ-ZZZZZZ").status_code for _ in range(61)]
    assert (said[0], said[-1]) == (404, 429)
    assert send(app, code).status_code == 429
    assert send(app, code, "abroad").status_code == 404  # another organization's own count


@pytest.mark.parametrize(("lost", "wipe"), [(False, "bundle"), (True, "all")])
def test_a_phone_out_of_service_is_told_what_to_wipe_by_every_call(evening: Evening, lost: bool, wipe: str) -> None:
    phone = evening.phone()
    header = {"Authorization": f"Bearer {phone.token}"}
    assert phone.client.post("/api/v1/devices/heartbeat", json={}, headers=header).status_code == 200
    with evening.house.scope("gate_supervisor"):
        retire(rows(Device).get(phone.id), lost=lost)
        commit()
    answers = [
        phone.send(phone.body(evening.code())),
        phone.client.post("/api/v1/devices/heartbeat", json={}, headers=header),
        phone.client.get(f"/api/v1/events/{evening.event_id}/occupancy", headers=header),
    ]
    assert [(one.status_code, one.json["type"], one.json["wipe"]) for one in answers] == [
        (401, "device_revoked", wipe)
    ] * 3
