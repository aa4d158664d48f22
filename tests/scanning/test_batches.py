"""Batches of scans made without network: stored once, judged in chunks by the job, whatever came when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask

from tests.conftest import Database
from tests.personas import Personas
from tests.scanning.evening import Evening, Phone, put_on
from tests.selling.checking import violations
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.clock import now
from voelgoed.foundation.outbox import perform, take
from voelgoed.foundation.outbox.row import OutboxRow
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.occupancy.figure import bodies_of
from voelgoed.occupancy.minute import MinuteCount
from voelgoed.scanning import offline_sync
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.batch import BatchDecision, ScanBatch
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire
from voelgoed.scanning.receive_batch import TASK, decide
from voelgoed.scanning.scan import Scan


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    return put_on(app, personas.home)


def offline(phone: Phone, code: str, verdict: str = "offline_admitted", **more: Any) -> dict[str, Any]:
    return phone.body(code, offline_verdict=verdict, **more)


def post(phone: Phone, scans: list[Any], key: UUID | None = None) -> Any:
    said = {"batch_id": str(key or uuid4()), "scans": scans}
    return phone.client.post("/api/v1/scan-batches", json=said, headers={"Authorization": f"Bearer {phone.token}"})


def get(phone: Phone, key: str) -> Any:
    return phone.client.get(f"/api/v1/scan-batches/{key}", headers={"Authorization": f"Bearer {phone.token}"})


def work(evening: Evening) -> int:
    """Do the jobs that wait; returns how many there were."""
    with evening.house.scope():
        waiting = [row.id for row in rows(OutboxRow).filter(OutboxRow.task == TASK, OutboxRow.done_at.is_(None))]
        rollback()
        for row_id in waiting:
            claim = take(row_id)
            assert claim is not None
            perform(evening.house.organization_id, claim)
    return len(waiting)


def sent(evening: Evening, phone: Phone, scans: list[Any]) -> Any:
    """Send a batch, have it judged, return what became of it."""
    taken = post(phone, scans)
    assert (taken.status_code, taken.json["status"]) == (202, "queued")
    assert work(evening) == 1
    said = get(phone, taken.json["batch_id"]).json
    assert said["status"] == "done"
    return said


def test_a_batch_is_stored_then_judged_and_its_codes_are_gone(evening: Evening) -> None:
    phone, codes = evening.phone(), [evening.code() for _ in range(3)]
    said = sent(evening, phone, [*(offline(phone, one) for one in codes), offline(phone, codes[0], "duplicate")])
    assert [one["verdict"] for one in said["results"]] == ["offline_admitted"] * 3 + ["duplicate"]
    assert {name: said[name] for name in ("accepted", "refused", "duplicates", "rejected", "conflicts")} == {
        "accepted": 3, "refused": 1, "duplicates": 0, "rejected": 0, "conflicts": 0,
    }  # fmt: skip
    with evening.house.scope():
        batch = rows(ScanBatch).one()
        assert (batch.scans_sealed, batch.judged, batch.total) == (None, 4, 4)
        assert rows(Admission).count() == 3
        assert {scan.batch_id for scan in rows(Scan)} == {batch.id}
    assert violations() == {}


def test_the_same_batch_again_is_one_and_another_under_its_key_is_refused(evening: Evening) -> None:
    phone, key = evening.phone(), uuid4()
    scans = [offline(phone, evening.code())]
    assert [post(phone, scans, key).status_code for _ in range(2)] == [202, 202]
    other = post(phone, [offline(phone, evening.code())], key)
    assert (other.status_code, other.json["type"].rsplit("/", 1)[-1]) == (409, "batch_conflict")
    assert work(evening) == 1
    assert post(phone, scans, key).json["status"] == "done"
    again = sent(evening, phone, scans)  # the same scans in a batch of their own
    assert (again["duplicates"], again["accepted"]) == (1, 0)


def test_what_is_malformed_is_rejected_alone(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code()
    good = offline(phone, code)
    bad: list[Any] = [
        "hello", {}, {**offline(phone, code), "sequence": "many"}, {**offline(phone, code), "extra": 1},
        {**offline(phone, code), "code": "a\0b"}, {**offline(phone, code), "scanned_at": "0001-01-01T00:00:00Z"},
        {**offline(phone, code), "serial": "A-1"}, None, [],
        {**offline(phone, code), "scan_id": "a\0b"}, {**offline(phone, code), "a\0b": 1},
        {**offline(phone, code), "code": "a\ud800b"}, {**offline(phone, code), "scan_id": "\udfff"},
        {**offline(phone, code), "a\ud83d": 1}, "\udc00",
    ]  # fmt: skip
    said = sent(evening, phone, [*bad, good])
    assert [one.get("rejected") for one in said["results"]] == ["malformed"] * len(bad) + [None]
    assert (said["rejected"], said["accepted"]) == (len(bad), 1)
    assert said["results"][2]["errors"] == {"sequence": said["results"][2]["errors"]["sequence"]}


def test_one_that_cannot_be_stored_fails_alone(evening: Evening, database: Database) -> None:
    """It is found by halving, and the others count."""
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER TABLE scan ADD CONSTRAINT poison CHECK (staff_number <> '666')")
    phone = evening.phone()
    scans = [offline(phone, evening.code(), staff_number="666" if place == 3 else "17") for place in range(5)]
    said = sent(evening, phone, scans)
    assert [one.get("rejected") for one in said["results"]] == [None] * 3 + ["unreadable", None]
    assert (said["accepted"], said["rejected"]) == (4, 1)
    with evening.house.scope():
        assert {str(scan.id) for scan in rows(Scan)} == {one["scan_id"] for one in scans if one is not scans[3]}
    assert violations() == {}


def test_a_chunk_is_whole_and_the_job_goes_on_where_it_stopped(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline_sync, "CHUNK", 2)
    phone = evening.phone()
    key = post(phone, [offline(phone, evening.code()) for _ in range(5)]).json["batch_id"]
    with points.armed("batch.chunk", points.at_passing(2, points.trip)):
        work(evening)
    with evening.house.scope():
        assert (rows(ScanBatch).one().judged, rows(Scan).count(), rows(Admission).count()) == (2, 2, 2)
        rows(OutboxRow).filter(OutboxRow.task == TASK).update({"due_at": now() - timedelta(seconds=1)})
        commit()
    assert get(phone, key).json["status"] == "running"
    assert work(evening) == 1
    said = get(phone, key).json
    assert (said["status"], said["accepted"], len(said["results"])) == ("done", 5, 5)
    with evening.house.scope():
        assert rows(Admission).count() == 5
    assert violations() == {}


def test_two_phones_offline_and_one_ticket_make_one_conflict_that_names_both(evening: Evening) -> None:
    south, north, code = evening.phone("South"), evening.phone("North"), evening.code()
    first, second = offline(south, code), offline(north, code)
    late, early = sent(evening, north, [second]), sent(evening, south, [first])
    assert (late["conflicts"], early["conflicts"]) == (0, 0), "the earlier came later: then the later is the surplus"
    assert get(north, late["batch_id"]).json["conflicts"] == 1
    with evening.house.scope():
        conflict = rows(Conflict).one()
        assert (str(conflict.scan_id), conflict.evidence["admitted_by"]) == (second["scan_id"], [str(south.id)])
    assert violations() == {}


def test_who_was_let_in_because_a_refusal_got_lost_is_counted_and_contradicts(evening: Evening) -> None:
    north, south, code = evening.phone("North"), evening.phone("South"), evening.code()
    north.scan(code)
    body = south.body(code)
    assert south.send(body).json["verdict"] == "duplicate"  # the phone never hears it, and lets in by its bundle
    said = [sent(evening, south, [{**body, "offline_verdict": "offline_admitted"}]) for _ in range(2)]
    assert [one["results"][0]["verdict"] for one in said] == ["duplicate"] * 2
    with evening.house.scope():
        own = rows(Scan).filter(Scan.verdict == "offline_admitted").one()
        conflict = rows(Conflict).one()
        assert (conflict.scan_id, conflict.evidence["admitted_by"]) == (own.id, [str(north.id)])
        assert bodies_of(evening.day_id)[evening.zones["Lawn"]] == 2
    assert violations() == {}


def test_who_left_while_the_answer_got_lost_left_once(evening: Evening) -> None:
    """The server knew nobody inside and the phone did: that is one exit, whatever both call it."""
    phone, code = evening.phone(), evening.code()
    body = phone.body(code, direction="out")
    assert phone.send(body).json["verdict"] == "not_inside"
    sent(evening, phone, [{**body, "offline_verdict": "exited"}])
    with evening.house.scope():
        assert rows(Scan).count() == 1
        assert rows(MinuteCount).filter_by(direction="unexplained").one().bodies == 1
    assert violations() == {}


def test_a_phone_out_of_service_is_heard_for_three_days_and_a_person_decides(evening: Evening) -> None:
    phones = [evening.phone() for _ in range(3)]
    with evening.house.scope("gate_supervisor"):
        for phone in phones:
            retire(rows(Device).get(phone.id), lost=phone is phones[1])
        rows(Device).get(phones[2].id).retired_at = now() - timedelta(hours=73)
        commit()
    taken = [post(phone, [offline(phone, evening.code())]) for phone in phones]
    assert [one.status_code for one in taken] == [202, 202, 401]
    assert [one.json.get("status") for one in taken[:2]] == ["quarantined"] * 2
    assert work(evening) == 0
    with evening.house.scope("gate_supervisor"):
        kept, refused = (rows(ScanBatch).filter(ScanBatch.device_id == phone.id).one() for phone in phones[:2])
        decide(kept, True, "it lay in the tent")
        decide(refused, False, "nobody knows where it was")
        with pytest.raises(Problem, match="already"):
            decide(refused, True, "after all")
        commit()
    assert work(evening) == 1
    with evening.house.scope():
        assert [(row.accepted, row.reason) for row in rows(BatchDecision).order_by(BatchDecision.created_at)] == [
            (True, "it lay in the tent"), (False, "nobody knows where it was"),
        ]  # fmt: skip
        assert {row.state for row in rows(ScanBatch)} == {"done", "refused"}
        assert rows(ScanBatch).filter(ScanBatch.scans_sealed.is_not(None)).count() == 0
        assert (rows(Scan).count(), rows(Admission).count()) == (1, 1)


def test_others_see_no_batch(evening: Evening, personas: Personas) -> None:
    phone, neighbour = evening.phone(), evening.phone("North")
    key = post(phone, [offline(phone, evening.code())]).json["batch_id"]
    stranger = put_on(evening.app, personas.abroad, name="Elsewhere").phone()
    assert [get(one, key).status_code for one in (phone, neighbour, stranger)] == [200, 404, 404]
    phone.token = phone.token[:-4] + "AAAA"
    assert post(phone, []).status_code == 401


def test_the_stored_batch_shows_no_code(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code()
    post(phone, [offline(phone, code)])
    with evening.house.scope():
        batch = rows(ScanBatch).one()
        stored = batch.scans_sealed
        assert stored is not None
        assert code.encode() not in stored
        assert batch.scans[0]["code"] == code
