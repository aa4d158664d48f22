"""Deeds by the day's code: they come with the batch, are folded once, whatever comes first, and wait for a review."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.personas import Personas
from tests.scanning.by_code import Code, day_code, deed, key_of
from tests.scanning.evening import Evening, put_on
from tests.scanning.test_batches import offline, post, sent, work
from tests.selling.checking import violations
from voelgoed.catalog.event import Day
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning import phone_deeds
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.day_code import DayCode
from voelgoed.scanning.device import Device
from voelgoed.scanning.override import Override
from voelgoed.scanning.pair import retire
from voelgoed.scanning.phone_deed import PhoneDeed, PhoneDeedReview
from voelgoed.scanning.undo import Undo


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    return put_on(app, personas.home)


@pytest.fixture
def code(evening: Evening) -> Code:
    return day_code(evening)


@pytest.fixture
def key(code: Code) -> bytes:
    return key_of(code)


def counts(evening: Evening) -> tuple[int, int, int]:
    """Return how many overrides, undos and open admissions there are; and nothing else is wrong."""
    assert violations() == {}
    with evening.house.scope():
        inside = rows(Admission).filter(Admission.closed_at.is_(None)).count()
        return rows(Override).count(), rows(Undo).count(), inside


def url(evening: Evening, rest: str) -> str:
    return f"/{evening.house.slug}/events/{evening.event_id}/{rest}"


def test_the_phone_holds_only_what_lets_it_check_the_code(evening: Evening, code: Code, key: bytes) -> None:
    phone = evening.phone()
    asked = phone.client.get(
        f"/api/v1/events/{evening.event_id}/bundle", headers={"Authorization": f"Bearer {phone.token}"}
    )
    assert asked.json["codes"] == [code[1]]
    assert base64.b64decode(code[1]["check"]) == hmac.digest(key, b"check", "sha256")
    plain = code[0].replace("-", "")
    assert len(plain) == 8
    assert plain not in json.dumps(asked.json)
    assert base64.b64encode(key).decode() not in json.dumps(asked.json), "nor what proves a deed"


def test_an_override_and_an_undo_come_with_the_batch(evening: Evening, code: Code, key: bytes) -> None:
    phone, one, other = evening.phone(), evening.code(), evening.code()
    first, second = offline(phone, one), offline(phone, other, "blocked")
    said = sent(evening, phone, [
        first, second, deed(key, code, "undo", first["scan_id"]), deed(key, code, "override", second["scan_id"]),
    ])  # fmt: skip
    assert (said["accepted"], said["rejected"], said["conflicts"]) == (3, 0, 0)
    assert counts(evening) == (1, 1, 1)
    with evening.house.scope():
        fact = rows(Override).one()
        assert (fact.reason, fact.actor) == ("Her child is inside", "71 by the day's code on phone at South")
    assert phone.scan(one)["verdict"] == "admitted", "taken back: nothing stale says otherwise"


def test_the_deed_may_come_before_its_scan_and_twice(evening: Evening, code: Code, key: bytes) -> None:
    phone, ticket = evening.phone(), evening.code()
    scan = offline(phone, ticket)
    done = deed(key, code, "undo", scan["scan_id"])
    sent(evening, phone, [done])
    assert counts(evening) == (0, 0, 0)
    sent(evening, phone, [scan])
    assert counts(evening) == (0, 1, 0)
    assert sent(evening, phone, [scan, done])["results"][1]["repeated"] is True
    assert counts(evening) == (0, 1, 0)


def test_an_undo_of_what_was_let_in_although_the_server_had_refused_finds_it(
    evening: Evening, code: Code, key: bytes
) -> None:
    """The server's refusal got lost on its way, the phone let in by itself: that is what is taken back."""
    phone, ticket = evening.phone(), evening.code()
    evening.phone("North").scan(ticket)
    lost = phone.body(ticket)
    assert phone.send(lost).json["verdict"] == "duplicate"
    again = {**lost, "offline_verdict": "offline_admitted"}
    sent(evening, phone, [again, deed(key, code, "undo", lost["scan_id"])])
    assert counts(evening) == (0, 1, 1)
    with evening.house.scope():
        assert rows(Conflict).filter(Conflict.dissolved.is_(False)).count() == 0


def forged(key: bytes, code: Code, scan: dict[str, Any], how: str, evening: Evening) -> dict[str, Any]:
    """Return a deed that nobody did who knew the code."""
    made = deed(key, code, "undo", scan["scan_id"])
    if how == "guessed":
        return deed(b"guess", code, "undo", scan["scan_id"])
    if how == "another deed's proof":
        return {**made, "deed_id": str(uuid4())}
    if how == "another reason":
        return {**made, "reason": "Changed on the way"}
    if how == "no code of ours":
        return {**made, "code_id": str(uuid4())}
    return {**made, "proof": "not base64 ☃"}


@pytest.mark.parametrize(
    "how", ["guessed", "another deed's proof", "another reason", "no code of ours", "no proof at all"]
)
def test_a_deed_without_proof_of_the_code_is_kept_and_does_not_count(
    evening: Evening, code: Code, key: bytes, how: str
) -> None:
    phone = evening.phone()
    scan = offline(phone, evening.code())
    sent(evening, phone, [scan, forged(key, code, scan, how, evening)])
    assert counts(evening) == (0, 0, 1)
    with evening.house.scope():
        assert rows(PhoneDeed).one().proven is False


def test_it_would_count_if_nobody_asked_for_the_proof(
    evening: Evening, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the guard off the same guess takes an admission back."""
    monkeypatch.setattr(phone_deeds, "proves", lambda *_said: True)
    phone = evening.phone()
    scan = offline(phone, evening.code())
    sent(evening, phone, [scan, deed(b"guess", code, "undo", scan["scan_id"])])
    assert counts(evening) == (0, 1, 0)


def test_nothing_counts_at_a_turnstile_or_about_another_phones_scan(evening: Evening, code: Code, key: bytes) -> None:
    turnstile, phone = evening.phone("North", "turnstile"), evening.phone()
    scan = offline(turnstile, evening.code())
    sent(evening, turnstile, [scan, deed(key, code, "undo", scan["scan_id"])])
    sent(evening, phone, [deed(key, code, "undo", scan["scan_id"])])
    assert counts(evening) == (0, 0, 1)


def test_a_changed_code_still_proves_what_was_done_before_the_phone_heard(
    evening: Evening, code: Code, key: bytes
) -> None:
    other = day_code(evening)
    assert other[0] != code[0]
    phone = evening.phone()
    scan = offline(phone, evening.code())
    sent(evening, phone, [scan, deed(key, code, "undo", scan["scan_id"])])
    assert counts(evening) == (0, 1, 0)
    with evening.house.scope():
        assert rows(DayCode).count() == 2


def test_another_days_code_decides_nothing_today(evening: Evening) -> None:
    with evening.house.scope("manager"):
        today = rows(Day).get(evening.day_id)
        values = {
            name: getattr(today, name) + timedelta(days=1) for name in ("date", "doors_at", "starts_at", "ends_at")
        }
        other = Day(event_id=evening.event_id, number=1, **values)
        db.session.add(other)
        commit()
        other_id = other.id
    code = day_code(evening, other_id)
    phone = evening.phone()
    scan = offline(phone, evening.code())
    sent(evening, phone, [scan, deed(key_of(code), code, "undo", scan["scan_id"])])
    assert counts(evening) == (0, 0, 1)


def test_what_the_record_refuses_stays_for_the_review(
    evening: Evening, code: Code, key: bytes, personas: Personas
) -> None:
    phone = evening.phone()
    alien, let_in = offline(phone, "VG1.NONSENSE", "unknown_code"), offline(phone, evening.code())
    sent(evening, phone, [
        alien, let_in, deed(key, code, "override", alien["scan_id"]), deed(key, code, "override", let_in["scan_id"]),
    ])  # fmt: skip
    assert counts(evening) == (0, 0, 1)
    shown = personas.client("gate_supervisor").get(url(evening, "phone-deeds")).text
    assert shown.count("not counted: already decided, or nothing to decide") == 2


def test_malformed_deeds_are_rejected_alone(evening: Evening, code: Code, key: bytes) -> None:
    phone = evening.phone()
    scan = offline(phone, evening.code())
    good = deed(key, code, "undo", scan["scan_id"])
    bad = [{**good, "deed": "empty"}, {**good, "extra": 1}, {**good, "reason": "a\0b"}, {**good, "bodies": 0},
           {**good, "done_at": "0001-01-01T00:00:00Z"}, {"deed": None}]  # fmt: skip
    said = sent(evening, phone, [scan, *bad, good])
    assert (said["rejected"], said["accepted"]) == (len(bad), 2)
    assert counts(evening) == (0, 1, 0)


def test_late_deeds_of_a_phone_out_of_service_wait_with_its_scans(evening: Evening, code: Code, key: bytes) -> None:
    phone = evening.phone()
    scan = offline(phone, evening.code())
    with evening.house.scope("gate_supervisor"):
        retire(rows(Device).get(phone.id))
        commit()
    assert post(phone, [scan, deed(key, code, "undo", scan["scan_id"])]).json["status"] == "quarantined"
    assert work(evening) == 0
    assert counts(evening) == (0, 0, 0)


def test_a_supervisor_reviews_each_deed_once_with_a_reason(
    evening: Evening, code: Code, key: bytes, personas: Personas
) -> None:
    phone = evening.phone()
    scan = offline(phone, evening.code(), "blocked")
    sent(evening, phone, [scan, deed(key, code, "override", scan["scan_id"])])
    supervisor = personas.client("gate_supervisor")
    assert "1 deed to review" in supervisor.get(url(evening, "live")).text
    shown = supervisor.get(url(evening, "phone-deeds")).text
    assert all(words in shown for words in ("Let in after a refusal", "Her child is inside", "71", "phone at South"))
    with evening.house.scope():
        deed_id: UUID = rows(PhoneDeed).one().id
    close = url(evening, f"phone-deeds/{deed_id}/reviews")
    assert supervisor.post(close, data={"reason": ""}).status_code == 422
    assert personas.client("auditor").post(close, data={"reason": "Me"}).status_code == 403
    assert personas.outsider().post(close, data={"reason": "Me"}).status_code == 404
    assert supervisor.post(close, data={"reason": "Mother came by"}).status_code == 303
    assert supervisor.post(close, data={"reason": "Again"}).status_code == 409
    with evening.house.scope():
        assert rows(PhoneDeedReview).one().reason == "Mother came by"
    assert "Mother came by" in personas.client("auditor").get(url(evening, "phone-deeds")).text
    assert "to review" not in supervisor.get(url(evening, "live")).text


def test_only_who_may_decide_sees_and_makes_the_days_code(evening: Evening, personas: Personas) -> None:
    page, said = url(evening, "day-codes"), {"day_id": str(evening.day_id)}
    for role in ("box_office", "accountant", "auditor"):
        assert personas.client(role).get(page).status_code == 403
        assert personas.client(role).post(page, data=said).status_code == 403
    assert personas.outsider().get(page).status_code == 404
    assert personas.outsider().post(page, data=said).status_code == 404
    supervisor = personas.client("gate_supervisor")
    assert supervisor.post(page, data={"day_id": str(uuid4())}).status_code == 404
    assert supervisor.post(page, data=said).status_code == 303
    with evening.house.scope():
        first = rows(DayCode).one().spoken
    assert first in supervisor.get(page).text
    assert supervisor.post(page, data=said).status_code == 303
    assert first not in supervisor.get(page).text, "it was changed"
