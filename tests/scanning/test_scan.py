"""A scan through the API: verdicts, repeats, refusals, and what the record says afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
from flask import Flask
from sqlalchemy import select

from tests.conftest import Database
from tests.personas import Personas
from tests.scanning.evening import Evening, put_on
from voelgoed.catalog.event import Event
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.occupancy.figure import figure
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.decide import override, undo
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire
from voelgoed.scanning.scan import Scan
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.reissue import reissue
from voelgoed.ticketing.ticket import Ticket


def inside(evening: Evening) -> tuple[int, int]:
    """Return bodies and tickets inside."""
    with evening.house.scope():
        found = figure(rows(Event).get(evening.event_id))
        assert found is not None
        return found.bodies, found.tickets


def test_a_ticket_admits_once_and_says_where_it_was_used(evening: Evening) -> None:
    south, north, code = evening.phone("South"), evening.phone("North"), evening.code()
    first, second = south.scan(code), north.scan(code)
    assert (first["verdict"], first["admitted"], first["previous"]) == ("admitted", True, None)
    assert (second["verdict"], second["admitted"]) == ("duplicate", False)
    assert second["previous"]["gate"] == "South"
    assert inside(evening) == (1, 1)


def test_the_same_scan_again_gives_the_first_answer(evening: Evening) -> None:
    phone = evening.phone()
    body = phone.body(evening.code())
    first, again = phone.send(body), phone.send(body)
    assert {**first.json, "occupancy": None} == {**again.json, "occupancy": None}
    assert first.json["verdict"] == "admitted"
    assert inside(evening) == (1, 1)


def test_other_content_under_the_same_number_is_refused(evening: Evening) -> None:
    phone = evening.phone()
    body = phone.body(evening.code())
    phone.send(body)
    other = phone.send({**body, "scan_id": str(uuid4())})
    changed = phone.send({**body, "direction": "out"})
    assert [other.status_code, changed.status_code] == [409, 409]
    assert other.json["type"] == "sequence_conflict"


def test_out_and_in_again_follows_the_re_entry_rule(evening: Evening) -> None:
    phone, adult, crew = evening.phone(), evening.code(), evening.code("Crew")
    said = [phone.scan(code, direction=way)["verdict"] for code in (adult, crew) for way in ("in", "out", "in")]
    assert said == ["admitted", "exited", "no_reentry", "admitted", "exited", "admitted"]
    assert inside(evening) == (1, 1)


def test_an_exit_that_nobody_entered_for_is_counted_apart(evening: Evening) -> None:
    phone = evening.phone()
    assert phone.scan(evening.code(), direction="out")["verdict"] == "not_inside"
    with evening.house.scope():
        found = figure(rows(Event).get(evening.event_id))
        assert found is not None
        assert (found.bodies, found.unexplained, found.uncertainty) == (0, 1, 1)


def test_a_family_comes_in_parts_and_counts_as_one_ticket(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code("Family")
    assert phone.scan(code, bodies=3)["ticket"]["inside"] == 3
    assert inside(evening) == (3, 1)
    assert phone.scan(code)["ticket"]["inside"] == 4
    assert phone.scan(code)["verdict"] == "duplicate"
    assert inside(evening) == (4, 1)
    assert phone.scan(code, direction="out")["verdict"] == "exited"
    assert inside(evening) == (0, 0)


def test_passing_from_zone_to_zone_moves_the_admission(evening: Evening) -> None:
    code = evening.code()
    evening.phone("South").scan(code)
    assert evening.phone("Rope").scan(code)["verdict"] == "admitted"
    with evening.house.scope():
        stays = db.session.scalars(select(Admission).order_by(Admission.move_number)).all()
        assert [(stay.move_number, stay.cause) for stay in stays] == [(0, "moved"), (1, None)]
        found = figure(rows(Event).get(evening.event_id))
        assert found is not None
        assert {zone.name: zone.bodies for zone in found.zones} == {"Grounds": 1, "Lawn": 0, "Circle": 1}
        assert found.tickets == 1


def test_strange_codes_have_their_own_verdicts(app: Flask, evening: Evening, personas: Personas) -> None:
    phone, code = evening.phone(), evening.code()
    other = put_on(app, personas.home, name="Another")
    abroad = put_on(app, personas.abroad)
    forged = code[:-20] + ("A" if code[-20] != "A" else "B") + code[-19:]
    said = [phone.scan(one)["verdict"] for one in ("hello", forged, other.code(), abroad.code())]
    assert said == ["unknown_code", "forged", "wrong_event", "unknown_code"]
    with evening.house.scope():
        assert len(db.session.scalars(select(Scan)).all()) == 4


def test_days_that_are_gone_or_to_come(app: Flask, personas: Personas) -> None:
    early = put_on(app, personas.home, timedelta(hours=2), name="Early")
    late = put_on(app, personas.home, timedelta(hours=-9), name="Late")
    assert early.phone().scan(early.code())["verdict"] == "too_early"
    assert late.phone().scan(late.code())["verdict"] == "too_late"


def test_a_full_zone_says_so(app: Flask, personas: Personas) -> None:
    small = put_on(app, personas.home, capacity=2, name="Small")
    phone = small.phone()
    assert [phone.scan(small.code())["verdict"] for _ in range(3)] == ["admitted", "admitted", "zone_full"]


def test_undo_takes_back_and_override_lets_in(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code()
    phone.scan(code)
    refused = phone.scan(code)
    with evening.house.scope("gate_supervisor"):
        admitted = db.session.scalars(select(Scan).where(Scan.verdict == "admitted")).one()
        undo(admitted, "wrong queue")
        commit()
    assert inside(evening) == (0, 0)
    with evening.house.scope("gate_supervisor"):
        override(rows(Scan).get(refused["scan_id"]), "it was his own ticket")
        commit()
    assert inside(evening) == (1, 1)
    assert phone.scan(code)["verdict"] in ("duplicate", "already_inside")


def test_a_device_of_another_organization_opens_nothing_here(app: Flask, evening: Evening, personas: Personas) -> None:
    foreign = put_on(app, personas.abroad).phone()
    assert foreign.scan(evening.code())["verdict"] == "unknown_code"
    answer = foreign.client.get(
        f"/api/v1/events/{evening.event_id}/occupancy", headers={"Authorization": f"Bearer {foreign.token}"}
    )
    assert answer.status_code == 404


def test_phones_of_a_suspended_or_revoked_house_open_nothing(evening: Evening, database: Database) -> None:
    lost, retired, kept, code = evening.phone(), evening.phone(), evening.phone(), evening.code()
    with evening.house.scope("gate_supervisor"):
        retire(rows(Device).get(lost.id), lost=True)
        retire(rows(Device).get(retired.id))
        commit()
    said = [phone.send(phone.body(code)) for phone in (lost, retired)]
    assert [(one.status_code, one.json["type"], one.json["wipe"]) for one in said] == [
        (401, "device_revoked", "all"),
        (401, "device_revoked", "bundle"),
    ]
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("UPDATE organization SET suspended_at = now() WHERE slug = 'home'")
    assert kept.send(kept.body(code)).status_code == 401
    header = {"Authorization": f"Bearer {kept.token}"}
    assert kept.client.post("/api/v1/devices/heartbeat", json={}, headers=header).status_code == 401


def test_a_voided_and_a_replaced_code_let_nobody_in(evening: Evening) -> None:
    phone = evening.phone()
    (voided, code), (replaced, old) = evening.tickets(quantity=2)
    with evening.house.scope("manager"):
        void_ticket(rows(Ticket).get(voided), "lost", limited=False)
        reissue(rows(Ticket).get(replaced), "the slip was wet")
        commit()
        fresh = code_of(rows(Ticket).get(replaced))
    assert [phone.scan(one)["verdict"] for one in (code, old, fresh)] == ["void", "void", "admitted"]


def test_memory_answers_a_duplicate_and_recheck_asks_the_database(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code()
    phone.scan(code)
    again, sure = phone.send(phone.body(code)), phone.send(phone.body(code, recheck=True))
    assert (again.json["verdict"], again.headers["X-Dedup-Tier"]) == ("duplicate", "memory")
    assert (sure.json["verdict"], sure.headers["X-Dedup-Tier"]) == ("duplicate", "database")
    assert again.json["previous"] == sure.json["previous"]
    with evening.house.scope():
        assert sorted(scan.tier for scan in rows(Scan)) == ["database", "database", "memory"]
