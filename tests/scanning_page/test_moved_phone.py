"""In a browser: a phone follows where it is moved, keeps what it recorded where it stood, and goes when asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.scanning.evening import Evening, put_on
from tests.scanning_page.conftest import Steward, offline, ready, said
from voelgoed.catalog.event import Event
from voelgoed.catalog.venue import Gate
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.batch import ScanBatch
from voelgoed.scanning.device import Device
from voelgoed.scanning.move import move
from voelgoed.scanning.pair import ask_to_retire

pytestmark = pytest.mark.journey


def put(evening: Evening, gate: str) -> None:
    """Move the phone as a supervisor does."""
    with evening.house.scope("gate_supervisor"):
        move(rows(Device).one(), rows(Event).get(evening.event_id), rows(Gate).get(evening.gates[gate]))
        commit()


def test_a_phone_follows_to_a_gate_and_to_an_event_and_goes_when_asked(
    steward: Callable[..., Steward], app: Flask, evening: Evening
) -> None:
    later = put_on(app, evening.house, name="Later")
    code, unsent, new = evening.code(), evening.code(), later.code()
    phone = steward()
    phone.start()
    ready(phone, 2)
    put(evening, "North")
    phone.wedge(code)  # its answer says that it was moved: nothing waits for the next heartbeat
    expect(phone.page.locator("#where")).to_have_text("In · North")
    with offline(phone):
        phone.wedge(unsent)
        said(phone, "Let in, offline")
        put(later, "South")
    expect(phone.page.locator("#where")).to_have_text("In · South")
    ready(phone, 1)  # the other event's bundle
    phone.wedge(new)
    said(phone, "Welcome")
    with evening.house.scope():
        batch = rows(ScanBatch).one()
        [sent] = batch.scans
        assert (sent["event_id"], sent["gate_id"]) == (str(evening.event_id), str(evening.gates["North"]))
        ask_to_retire(db.session.query(Device).one())
        commit()
    expect(phone.page.get_by_role("heading", name="Pair this phone")).to_be_visible()
