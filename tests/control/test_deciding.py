"""Letting in after a refusal and taking back an admission: once, with a reason, by whom the role allows."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from tests.personas import Personas
from tests.scanning.evening import Evening, put_on
from voelgoed.catalog.event import Event
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.occupancy.figure import figure
from voelgoed.scanning.override import Override
from voelgoed.scanning.undo import Undo


def inside(evening: Evening) -> int:
    with evening.house.scope():
        found = figure(rows(Event).get(evening.event_id))
        assert found is not None
        return found.bodies


def refused(evening: Evening) -> UUID:
    """Scan one ticket twice; returns the id of the second scan, which was refused."""
    code, phone = evening.code(), evening.phone()
    phone.scan(code)
    return UUID(phone.scan(code)["scan_id"])


def admitted(evening: Evening) -> UUID:
    return UUID(evening.phone().scan(evening.code())["scan_id"])


def address(evening: Evening, scan: UUID, deed: str, house: str = "home") -> str:
    return f"/{house}/events/{evening.event_id}/scans/{scan}/{deed}"


@pytest.mark.parametrize("role", ["owner", "manager", "gate_supervisor"])
def test_an_override_lets_in_with_its_reason(evening: Evening, personas: Personas, role: str) -> None:
    scan, client = refused(evening), personas.client(role)
    asked = client.get(address(evening, scan, "override"))
    assert "Just used" in asked.text
    assert "came in at South" in asked.text
    answer = client.post(address(evening, scan, "overrides"), data={"reason": "Parent came back for a child"})
    assert answer.status_code == 303
    assert inside(evening) == 2
    with personas.home.scope():
        row = db.session.scalars(select(Override)).one()
        assert (row.scan_id, row.reason, row.actor) == (scan, "Parent came back for a child", f"{role} of home")
    page = client.get(f"/home/events/{evening.event_id}/live/refusals").text
    assert "let in by override" in page


def test_an_undo_takes_back_with_its_reason(evening: Evening, personas: Personas) -> None:
    scan, client = admitted(evening), personas.client("gate_supervisor")
    assert "Welcome" in client.get(address(evening, scan, "undo")).text
    answer = client.post(address(evening, scan, "undos"), data={"reason": "Scanned the wrong phone"})
    assert answer.status_code == 303
    assert inside(evening) == 0
    with personas.home.scope():
        assert db.session.scalars(select(Undo)).one().reason == "Scanned the wrong phone"
        because = db.session.scalars(select(AuditEntry.reason).where(AuditEntry.reason.is_not(None))).all()
    assert "Scanned the wrong phone" in because


@pytest.mark.parametrize("reason", ["", "   ", "x" * 401, "null\x00byte"])
def test_without_a_good_reason_nothing_changes(evening: Evening, personas: Personas, reason: str) -> None:
    scan = refused(evening)
    answer = personas.client("manager").post(address(evening, scan, "overrides"), data={"reason": reason})
    assert answer.status_code == 422
    assert inside(evening) == 1


def test_what_is_decided_is_decided(evening: Evening, personas: Personas) -> None:
    scan, client = refused(evening), personas.client("manager")
    for expected in (303, 409):
        given = client.post(address(evening, scan, "overrides"), data={"reason": "Knows the band, véél"})
        assert given.status_code == expected
    assert client.post(address(evening, scan, "undos"), data={"reason": "no"}).status_code == 409
    assert inside(evening) == 2


@pytest.mark.parametrize("role", ["box_office", "accountant", "auditor"])
def test_other_roles_decide_nothing(evening: Evening, personas: Personas, role: str) -> None:
    scan, client = refused(evening), personas.client(role)
    assert client.get(address(evening, scan, "override")).status_code == 403
    assert client.post(address(evening, scan, "overrides"), data={"reason": "please"}).status_code == 403
    assert inside(evening) == 1


def test_a_foreign_scan_is_nowhere(evening: Evening, app: Flask, personas: Personas) -> None:
    scan, outsider = refused(evening), personas.outsider()
    other = put_on(app, personas.home, name="Tomorrow")
    for deed in ("overrides", "undos"):
        said = {"reason": "let me"}
        assert outsider.post(address(evening, scan, deed), data=said).status_code == 404
        assert outsider.post(address(evening, scan, deed, "abroad"), data=said).status_code == 404
        assert personas.client("owner").post(address(other, scan, deed), data=said).status_code == 404
        assert personas.client("owner").post(address(evening, uuid4(), deed), data=said).status_code == 404
    assert inside(evening) == 1
