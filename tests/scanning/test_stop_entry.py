"""Stop entry: nobody comes in, all may leave, each phone says that it knows, the screen names those that do not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.personas import Personas
from tests.scanning.evening import Evening, Phone, put_on
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.device import Device
from voelgoed.scanning.entry_stop import EntryStop
from voelgoed.scanning.scan import Scan


def live(evening: Evening, house: str = "home") -> str:
    return f"/{house}/events/{evening.event_id}"


def stop(evening: Evening, personas: Personas, zone: str | None = None, role: str = "gate_supervisor") -> int:
    data = {"zone_id": str(evening.zones[zone]) if zone else "everywhere"}
    return personas.client(role).post(f"{live(evening)}/entry-stops", data=data).status_code


def resume(evening: Evening, personas: Personas, role: str = "gate_supervisor") -> int:
    with personas.home.scope():
        stopped = rows(EntryStop).order_by(EntryStop.stopped_at.desc()).first()
        assert stopped is not None
    return personas.client(role).post(f"{live(evening)}/entry-stops/{stopped.id}/resumptions").status_code


def version(evening: Evening, count: int) -> str:
    return f"{count}.{str(evening.event_id)[-12:]}"


def beat(phone: Phone, known: str | None = None) -> dict[str, Any]:
    answer = phone.client.post("/api/v1/devices/heartbeat", json={"stops_version": known},
                               headers={"Authorization": f"Bearer {phone.token}"})  # fmt: skip
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json
    return said


def page(personas: Personas, path: str, role: str = "gate_supervisor") -> str:
    return re.sub(r"\s+", " ", personas.client(role).get(path).text)


def test_nobody_comes_in_anywhere_until_it_is_resumed(evening: Evening, personas: Personas) -> None:
    phone, inside, waiting = evening.phone(), evening.code(), evening.code()
    phone.scan(inside)
    assert stop(evening, personas) == 303
    assert phone.scan(waiting)["verdict"] == "entry_stopped"
    assert evening.phone("Rope").scan(inside)["verdict"] == "entry_stopped"
    assert phone.scan(inside, direction="out")["verdict"] == "exited"  # an exit is never refused
    assert resume(evening, personas) == 303
    assert phone.scan(waiting)["verdict"] == "admitted"


def test_a_stopped_zone_stops_who_would_come_into_it(evening: Evening, personas: Personas) -> None:
    south, rope, code = evening.phone("South"), evening.phone("Rope"), evening.code()
    assert stop(evening, personas, "Circle") == 303
    assert south.scan(code)["verdict"] == "admitted"  # the lawn is open
    assert rope.scan(code)["verdict"] == "entry_stopped"
    assert resume(evening, personas) == 303
    assert stop(evening, personas, "Grounds") == 303
    assert rope.scan(code)["verdict"] == "admitted"  # who moves on inside the grounds does not come into them
    assert south.scan(evening.code())["verdict"] == "entry_stopped"


def test_what_a_ticket_may_not_is_said_first(evening: Evening, personas: Personas) -> None:
    phone, code = evening.phone(), evening.code()
    phone.scan(code)
    stop(evening, personas)
    assert phone.scan(code, recheck=True)["verdict"] == "duplicate"
    assert phone.scan("VG1.NOTHING")["verdict"] == "unknown_code"


def test_a_phone_hears_it_by_any_answer_and_confirms(evening: Evening, personas: Personas) -> None:
    south, north = evening.phone("South"), evening.phone("North")
    assert south.scan(evening.code())["stops"] == {"version": version(evening, 0), "everywhere": False, "zones": []}
    stop(evening, personas)
    shown = page(personas, f"{live(evening)}/live")
    assert "2 phones not confirmed" in shown
    assert "<li>phone at South, South</li>" in shown
    body = south.body(evening.code())
    told = south.send(body).json
    assert told["stops"] == {"version": version(evening, 1), "everywhere": True, "zones": []}
    assert south.send(body).json["stops"] == told["stops"]  # also the first answer given again
    heard = beat(south)
    assert (heard["entry_stopped"], heard["stops"]) == (True, told["stops"])
    assert "2 phones not confirmed" in page(personas, f"{live(evening)}/live")  # hearing is not confirming
    beat(south, version(evening, 1))
    shown = page(personas, f"{live(evening)}/live")
    assert "1 phone not confirmed" in shown
    assert "<li>phone at North, North</li>" in shown
    beat(north, version(evening, 1))
    assert "Every phone has confirmed it." in page(personas, f"{live(evening)}/live")
    resume(evening, personas)
    shown = page(personas, f"{live(evening)}/live")
    assert "Entry is open again" in shown
    assert "2 phones not confirmed" in shown
    assert beat(south, version(evening, 2))["entry_stopped"] is False


def test_a_phone_cannot_confirm_what_nobody_has_done(evening: Evening, personas: Personas) -> None:
    phone, other = evening.phone(), "1.000000000000"  # of the event where it stood before
    for known in (version(evening, 99), "99", "1.", ".", "x", "1" * 30, version(evening, 0)):
        beat(phone, known)
    stop(evening, personas)
    assert "1 phone not confirmed" in page(personas, f"{live(evening)}/live")
    beat(phone, other)
    assert "1 phone not confirmed" in page(personas, f"{live(evening)}/live")


def test_a_moved_phone_has_confirmed_nothing_of_its_new_event(evening: Evening, personas: Personas) -> None:
    phone, other = evening.phone(), put_on(evening.app, personas.home, name="Other")
    stop(evening, personas)
    stop(other, personas)
    beat(phone, version(evening, 1))
    place = {"place": f"{other.event_id}/{other.gates['South']}"}
    moved = personas.client("gate_supervisor").post(f"{live(evening)}/phones/{phone.id}/moves", data=place)
    assert moved.status_code == 303
    assert "1 phone not confirmed" in page(personas, f"{live(other)}/live")


def test_who_need_not_be_told_is_not_named(evening: Evening, personas: Personas) -> None:
    turnstile = evening.phone("North")
    with personas.home.scope("gate_supervisor"):
        rows(Device).get(turnstile.id).role = "turnstile"
        commit()
    stop(evening, personas)
    assert "Every phone has confirmed it." in page(personas, f"{live(evening)}/live")
    during = evening.phone("Rope")
    assert "1 phone not confirmed" in page(personas, f"{live(evening)}/live")
    beat(during, version(evening, 1))
    resume(evening, personas)
    beat(during, version(evening, 2))
    after = evening.phone("South")
    for _ in range(2):
        assert "not confirmed" not in page(personas, f"{live(evening)}/live")
        beat(after)  # it has heard of none yet


def test_a_heartbeat_says_whether_its_own_gate_is_stopped(evening: Evening, personas: Personas) -> None:
    south, rope = evening.phone("South"), evening.phone("Rope")
    stop(evening, personas, "Circle")
    assert (beat(south)["entry_stopped"], beat(rope)["entry_stopped"]) == (False, True)


def test_the_bundle_takes_it_along(evening: Evening, personas: Personas) -> None:
    phone = evening.phone()
    stop(evening, personas, "Lawn")
    answer = phone.client.get(f"/api/v1/events/{evening.event_id}/bundle",
                              headers={"Authorization": f"Bearer {phone.token}"})  # fmt: skip
    assert answer.json["stops"] == {
        "version": version(evening, 1),
        "everywhere": False,
        "zones": [str(evening.zones["Lawn"])],
    }


def test_it_is_stopped_once_and_resumed_once(evening: Evening, personas: Personas) -> None:
    assert [stop(evening, personas, "Lawn") for _ in range(2)] == [303, 409]
    assert [stop(evening, personas) for _ in range(2)] == [303, 409]
    assert [resume(evening, personas) for _ in range(2)] == [303, 409]
    assert stop(evening, personas) == 303
    with personas.home.scope():
        assert db.session.scalar(select(func.count()).select_from(EntryStop)) == 3


def test_the_trail_names_who_did_it(evening: Evening, personas: Personas) -> None:
    stop(evening, personas)
    resume(evening, personas, "manager")
    with personas.home.scope():
        found = db.session.execute(
            select(AuditEntry.action, AuditEntry.actor_label).where(AuditEntry.object == "entry_stop")
            .order_by(AuditEntry.id)
        ).all()  # fmt: skip
        assert [tuple(one) for one in found] == [
            ("created", "gate_supervisor of home"), ("changed", "manager of home"),
        ]  # fmt: skip


def test_the_wall_and_a_full_zone_say_it(app: Flask, evening: Evening, personas: Personas) -> None:
    phone = evening.phone("Rope")
    with personas.home.scope("manager"):
        from voelgoed.catalog.venue import Zone

        rows(Zone).get(evening.zones["Circle"]).capacity = 1
        commit()
    phone.scan(evening.code())
    assert f"entry-stops/new?zone_id={evening.zones['Circle']}" in page(personas, f"{live(evening)}/live")
    stop(evening, personas, "Circle")
    assert "Circle: entry is stopped" in page(personas, f"{live(evening)}/wall")


@pytest.mark.parametrize("role", ["box_office", "accountant", "auditor"])
def test_other_roles_stop_nothing(evening: Evening, personas: Personas, role: str) -> None:
    assert stop(evening, personas, role=role) == 403
    assert personas.client(role).get(f"{live(evening)}/entry-stops/new").status_code == 403
    stop(evening, personas)
    assert resume(evening, personas, role) == 403
    assert evening.phone().scan(evening.code())["verdict"] == "entry_stopped"


def test_outsiders_find_nothing(app: Flask, evening: Evening, personas: Personas) -> None:
    stop(evening, personas)
    with personas.home.scope():
        stopped = rows(EntryStop).one().id
    other, abroad, data = put_on(app, personas.home, name="Other"), personas.outsider(), {"zone_id": "everywhere"}
    for house in ("home", "abroad"):
        assert abroad.post(f"{live(evening, house)}/entry-stops", data=data).status_code == 404
        assert abroad.post(f"{live(evening, house)}/entry-stops/{stopped}/resumptions").status_code == 404
    mine = personas.client("manager")
    assert mine.post(f"{live(other)}/entry-stops/{stopped}/resumptions").status_code == 404
    foreign = {"zone_id": str(other.zones["Lawn"])}
    assert mine.post(f"{live(evening)}/entry-stops", data=foreign).status_code == 404
    assert other.phone().scan(other.code())["verdict"] == "admitted"  # another event's gates go on


def test_a_stopped_scan_is_kept_and_may_be_overridden(evening: Evening, personas: Personas) -> None:
    phone = evening.phone()
    stop(evening, personas)
    scan = phone.scan(evening.code())["scan_id"]
    answer = personas.client("gate_supervisor").post(
        f"{live(evening)}/scans/{scan}/overrides", data={"reason": "Medic"}
    )
    assert answer.status_code == 303
    with personas.home.scope():
        assert db.session.scalars(select(Scan.verdict)).one() == "entry_stopped"
