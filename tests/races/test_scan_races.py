"""Scans at the same instant, in processes of their own: no ticket admits twice, no zone holds more than it may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask

from tests.conftest import Database
from tests.personas import Personas
from tests.races.sellers import Nursery
from tests.scanning.evening import Evening, Phone, put_on
from voelgoed.catalog.event import Day, Event
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.occupancy.figure import figure
from voelgoed.scanning import process_scan
from voelgoed.scanning import record as recording
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.asked import Asked
from voelgoed.scanning.decide import end_day
from voelgoed.scanning.record import Overtaken
from voelgoed.scanning.scan import Scan
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.ticket import Ticket, TicketVoid

SCANNERS = 32
SCAN, UNDO, OVERRIDE, VOID = (f"tests.races.scanners:{deed}" for deed in ("scan", "take_back", "let_in", "void"))


@pytest.fixture
def nursery(database: Database, personas: Personas) -> Iterator[Nursery]:
    made = Nursery(database.config())
    with personas.home.scope():
        yield made
    made.close()


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    return put_on(app, personas.home)


def gate_violations() -> dict[str, int]:
    """Return code → count of the gate's checkers that found something."""
    with skip_tenant_rule(reason="a race is over") as session:
        counts = {one.code: one.count(session) for one in checkers() if one.code.startswith("G")}
    assert {"G1", "G3", "G4", "G5", "G6", "G7"} <= set(counts)
    return {code: count for code, count in counts.items() if count}


def race(nursery: Nursery, evening: Evening, phones: list[Phone], codes: list[str]) -> list[tuple[str, dict[str, str]]]:
    """Let each phone scan its code at the same instant."""
    deeds = [
        (SCAN, evening.house.organization_id, (hash_secret(phone.token), next(phone.numbers), code))
        for phone, code in zip(phones, codes, strict=True)
    ]
    said: list[tuple[str, dict[str, str]]] = nursery.race(*deeds)
    return said


def inside(evening: Evening) -> tuple[int, int]:
    """Return bodies and tickets inside."""
    with evening.house.scope():
        found = figure(rows(Event).get(evening.event_id))
        assert found is not None
        return found.bodies, found.tickets


def test_one_ticket_by_many_scanners_admits_once_and_says_where(evening: Evening, nursery: Nursery) -> None:
    code = evening.code()
    phones = [evening.phone("South" if number % 2 else "North") for number in range(SCANNERS)]
    said = race(nursery, evening, phones, [code] * SCANNERS)
    assert Counter(verdict for verdict, _ in said) == {"admitted": 1, "duplicate": SCANNERS - 1}
    assert all(previous["gate"] in ("South", "North") and previous["at"] for verdict, previous in said if previous)
    assert sum(previous is None for _, previous in said) == 1
    assert inside(evening) == (1, 1)
    with evening.house.scope():
        assert rows(Scan).count() == SCANNERS
    assert gate_violations() == {}


def overtaking(evening: Evening) -> str:
    """Judge a ticket in two transactions that both read before either writes; say how the slower one fares."""
    code, (slow, fast) = evening.code(), (evening.phone("South"), evening.phone("North"))
    asked = [Asked(hash_secret(one.token), uuid4(), 1, "in", now(), code=code, recheck=True) for one in (slow, fast)]
    with evening.house.scope():
        cases = process_scan.signatures([asked[0]])
        found = process_scan.found([asked[0]], cases)
        with evening.house.scope():
            assert process_scan.process_scan([asked[1]])[0].verdict == "admitted"
            commit()
        judged = process_scan.verdicts(cases, found)
        assert judged.answers[0].verdict == "admitted"  # by what it has read, nobody is inside
        try:
            process_scan.record(judged, found)
        except Overtaken:
            return "overtaken"
        commit()
        return "admitted"


def test_the_slower_of_two_is_overtaken_and_judges_again(evening: Evening) -> None:
    assert overtaking(evening) == "overtaken"
    assert gate_violations() == {}


def test_without_the_unique_indexes_both_are_admitted_and_it_is_seen(
    evening: Evening, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the probe that finds nothing above finds this."""
    monkeypatch.setattr(recording, "_overtaken", lambda _cases, _found: False)
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP INDEX ux_admission_ticket_id_pass_number")
        unique = "SELECT conname FROM pg_constraint WHERE conrelid = 'admission'::regclass AND contype = 'u'"
        for (name,) in connection.execute(unique).fetchall():
            connection.execute(f'ALTER TABLE admission DROP CONSTRAINT "{name}"')
    assert overtaking(evening) == "admitted"
    assert gate_violations()["G1"] > 0


def meanwhile(evening: Evening, what: str, **more: Any) -> str:
    """Read for an entry; before it is written, let an exit meet nobody, the day end, or the sale be reversed.

    Says how the entry fares.
    """
    (ticket_id, code), (slow, fast) = evening.tickets("Crew")[0], (evening.phone("South"), evening.phone("North"))
    asked = Asked(hash_secret(slow.token), uuid4(), 1, "in", now(), code=code, **more)
    with evening.house.scope():
        cases = process_scan.signatures([asked])
        found = process_scan.found([asked], cases)
        if what == "exit":
            assert fast.scan(code, direction="out")["verdict"] == "not_inside"
        elif what == "void":
            with evening.house.scope("manager"):
                void_ticket(rows(Ticket).get(ticket_id), "nobody went in", limited=True)
                commit()
        else:
            with evening.house.scope():
                assert end_day(rows(Day).get(evening.day_id)) is not None
                commit()
        try:
            process_scan.record(process_scan.verdicts(cases, found), found)
        except Overtaken:
            return "overtaken"
        commit()
        return "admitted"


@pytest.mark.parametrize("what", ["exit", "day end", "void"])
def test_an_entry_that_is_earlier_than_what_came_meanwhile_is_judged_again(evening: Evening, what: str) -> None:
    assert meanwhile(evening, what) == "overtaken"
    assert gate_violations() == {}


@pytest.mark.parametrize("what", ["exit", "day end", "void"])
def test_so_is_one_that_a_phone_made_without_network(evening: Evening, what: str) -> None:
    assert meanwhile(evening, what, batch_id=uuid4(), offline_verdict="offline_admitted") == "overtaken"
    assert gate_violations() == {}


@pytest.mark.parametrize("what", ["exit", "day end"])
def test_unnoticed_it_would_stand_beside_the_fold_and_is_seen(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Negative control: nobody looks for later facts after writing."""
    monkeypatch.setattr(recording, "_overtaken", lambda _cases, _found: False)
    assert meanwhile(evening, what) == "admitted"
    assert gate_violations()["G4"] == 1


def test_unnoticed_somebody_goes_in_with_what_was_voided_because_nobody_had(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: as above; each row by itself is right, so only the race shows it."""
    monkeypatch.setattr(recording, "_overtaken", lambda _cases, _found: False)
    assert meanwhile(evening, "void") == "admitted"
    with evening.house.scope():
        assert (rows(TicketVoid).count(), rows(Admission).count()) == (1, 1)


def test_a_family_ticket_lets_in_as_many_as_it_says(evening: Evening, nursery: Nursery) -> None:
    code = evening.code("Family")
    phones = [evening.phone() for _ in range(8)]
    said = Counter(verdict for verdict, _ in race(nursery, evening, phones, [code] * 8))
    assert said["admitted"] == 1
    assert inside(evening) == (4, 1)
    assert gate_violations() == {}


@pytest.mark.deep
def test_a_zone_takes_no_more_than_its_number(app: Flask, personas: Personas, nursery: Nursery) -> None:
    small = put_on(app, personas.home, capacity=10, name="Small")
    codes = [code for _, code in small.tickets(quantity=SCANNERS)]
    phones = [small.phone() for _ in range(SCANNERS)]
    said = Counter(verdict for verdict, _ in race(nursery, small, phones, codes))
    assert said == {"admitted": 10, "zone_full": SCANNERS - 10}
    assert inside(small) == (10, 10)
    assert gate_violations() == {}


@pytest.mark.deep
def test_a_void_and_scans_at_once_leave_no_admission_after_the_void(evening: Evening, nursery: Nursery) -> None:
    for _ in range(4):
        (ticket_id, code) = evening.tickets()[0]
        own = evening.house.organization_id
        phones = [evening.phone() for _ in range(6)]
        scans = [(SCAN, own, (hash_secret(phone.token), next(phone.numbers), code)) for phone in phones]
        said = Counter(verdict for verdict, _ in nursery.race(*scans[:3], (VOID, own, (ticket_id,)), *scans[3:]))
        assert said["voided"] == 1
        assert said["admitted"] <= 1
        assert set(said) <= {"voided", "admitted", "duplicate", "void"}
    assert gate_violations() == {}


def test_without_the_trigger_a_voided_ticket_is_let_in_and_is_seen(
    evening: Evening, nursery: Nursery, database: Database
) -> None:
    """Negative control: a void that commits between a scan's reading and its writing."""
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP TRIGGER void_is_final ON admission")
        (ticket_id, code) = evening.tickets()[0]
        evening.phone().scan(code)
        connection.execute("DROP TRIGGER append_only ON ticket_void")
        with evening.house.scope("manager"):
            void_ticket(rows(Ticket).get(ticket_id), "the control", limited=False)
            commit()
        connection.execute("UPDATE ticket_void SET created_at = created_at - interval '1 minute'")
    assert gate_violations()["G6"] == 1


def test_one_undo_among_many(evening: Evening, nursery: Nursery) -> None:
    phone, code = evening.phone(), evening.code()
    phone.scan(code)
    with evening.house.scope():
        scan_id: UUID = rows(Scan).one().id
    own = evening.house.organization_id
    said = Counter(word for word, _ in nursery.race(*[(UNDO, own, (scan_id,))] * 8))
    assert said == {"undone": 1, "already_undone": 7}
    assert inside(evening) == (0, 0)
    with evening.house.scope():
        assert rows(Admission).count() == 0
    assert gate_violations() == {}


@pytest.mark.deep
def test_an_undo_and_scans_at_once_leave_one_record(evening: Evening, nursery: Nursery) -> None:
    own = evening.house.organization_id
    for _ in range(4):
        code, phones = evening.code(), [evening.phone() for _ in range(6)]
        first = phones[0].scan(code)
        scans = [(SCAN, own, (hash_secret(phone.token), next(phone.numbers), code)) for phone in phones]
        undo_ = (UNDO, own, (UUID(first["scan_id"]),))
        said = Counter(verdict for verdict, _ in nursery.race(*scans[:3], undo_, *scans[3:]))
        assert said["undone"] == 1
        assert said["admitted"] <= 1
        assert set(said) <= {"undone", "admitted", "duplicate"}
    assert gate_violations() == {}


@pytest.mark.deep
def test_people_who_come_and_go_at_once_leave_one_record(evening: Evening, nursery: Nursery) -> None:
    """Entries and exits of one ticket in the same moment: whoever met nobody inside was not overtaken by who came."""
    own = evening.house.organization_id
    for _ in range(4):
        code, phones = evening.code("Crew"), [evening.phone() for _ in range(8)]
        deeds = [
            (SCAN, own, (hash_secret(phone.token), next(phone.numbers), code, None, None, way))
            for phone, way in zip(phones, ("in", "out") * 4, strict=True)
        ]
        said = Counter(verdict for verdict, _ in nursery.race(*deeds))
        assert set(said) <= {"admitted", "exited", "not_inside", "duplicate", "already_inside", "busy"}
    assert gate_violations() == {}


def test_one_override_among_many(evening: Evening, nursery: Nursery) -> None:
    phone, code = evening.phone(), evening.code()
    phone.scan(code)
    refused = phone.scan(code)
    own = evening.house.organization_id
    said = Counter(word for word, _ in nursery.race(*[(OVERRIDE, own, (UUID(refused["scan_id"]),))] * 8))
    assert said == {"let in": 1, "already_overridden": 7}
    assert inside(evening) == (2, 1)
    assert gate_violations() == {}


@pytest.mark.parametrize("point", ["scan.written", "boundary.before_commit", "boundary.after_commit"])
def test_a_scanner_killed_at_any_point_asks_again_and_gets_one_answer(
    evening: Evening, nursery: Nursery, point: str
) -> None:
    """An unanswered scan is asked again under its id: it is judged once, whether or not the first was written."""
    phone, code = evening.phone(), evening.code()
    body = phone.body(code)
    own = evening.house.organization_id
    deed = (SCAN, own, (hash_secret(phone.token), body["sequence"], code, UUID(body["scan_id"]), now()))
    assert nursery.killed_at(deed, point, 1)
    with evening.house.scope():
        written = rows(Scan).count()
        assert written == (1 if point == "boundary.after_commit" else 0)
        assert rows(Admission).count() == written
    ((verdict, _),) = nursery.race(deed)
    assert verdict == "admitted"
    with evening.house.scope():
        assert rows(Scan).count() == rows(Admission).count() == 1
    assert inside(evening) == (1, 1)
    assert gate_violations() == {}
