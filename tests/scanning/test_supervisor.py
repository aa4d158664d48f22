"""A supervisor at somebody else's phone: by staff number and PIN for one deed; looking only; finding by name."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.personas import Personas
from tests.scanning.evening import Evening, Phone, put_on
from tests.tills.people import day_staff, give_pin
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning import supervisor
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.desk import judge_one
from voelgoed.scanning.device import Device
from voelgoed.scanning.override import Override
from voelgoed.scanning.scan import Scan
from voelgoed.scanning.undo import Undo
from voelgoed.ticketing.ticket import Ticket

PIN = {"staff_number": "71", "pin": "135790"}


@pytest.fixture
def phone(evening: Evening) -> Phone:
    """A steward's phone, at a gate where a supervisor has a PIN."""
    give_pin(evening.house, "gate_supervisor", PIN["staff_number"], PIN["pin"])
    return evening.phone()


def refused(evening: Evening, phone: Phone) -> str:
    """Scan a ticket twice; returns the scan that was refused."""
    code = evening.code()
    assert phone.scan(code)["verdict"] == "admitted"
    second = phone.scan(code)
    assert second["verdict"] == "duplicate"
    return str(second["scan_id"])


def decide(phone: Phone, scan_id: str, deed: str = "overrides", **said: Any) -> Any:
    return phone.post(f"/scans/{scan_id}/{deed}", **{"reason": "A child went back", **said})


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["type"].rsplit("/", 1)[-1]


def test_a_supervisor_lets_in_by_pin_and_the_record_names_who(evening: Evening, phone: Phone) -> None:
    scan = refused(evening, phone)
    assert decide(phone, scan, **PIN).status_code == 201
    with evening.house.scope():
        fact = db.session.scalars(select(Override).where(Override.scan_id == UUID(scan))).one()
        name = fact.actor.removesuffix(" on phone at South")
        assert (fact.reason, name != fact.actor) == ("A child went back", True)
    assert kind(decide(phone, scan, **PIN)) == (409, "already_overridden")


def test_undo_takes_back_and_no_fast_tier_remembers_the_admission(evening: Evening, phone: Phone) -> None:
    code = evening.code()
    scan = phone.scan(code)["scan_id"]
    assert decide(phone, scan, "reversals", **PIN).status_code == 201
    assert phone.scan(code)["verdict"] == "admitted"
    with evening.house.scope():
        name = rows(Undo).one().actor.removesuffix(" on phone at South")
        trail = select(AuditEntry).where(AuditEntry.object == "admission", AuditEntry.action == "deleted")
        entry = db.session.scalars(trail).one()
        assert all(words in (entry.reason or "") for words in ("A child went back", name)), entry.reason
        assert rows(Admission).count() == 1


def test_a_fast_tier_would_answer_after_an_undo_if_nobody_told_it(
    evening: Evening, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: untold, the tiers still say "just used" of an admission that was taken back."""
    monkeypatch.setattr("voelgoed.scanning.tiers.forget", lambda _ids: None)
    code = evening.code()
    assert decide(phone, phone.scan(code)["scan_id"], "reversals", **PIN).status_code == 201
    assert phone.scan(code)["verdict"] == "duplicate"


@pytest.mark.parametrize("deed", ["overrides", "reversals"])
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({}, "supervisor_needed"),
        ({"staff_number": "71"}, "supervisor_needed"),
        ({"staff_number": "71", "pin": "000000"}, "wrong_pin"),
        ({"staff_number": "99", "pin": "135790"}, "wrong_pin"),
    ],
)
def test_a_phone_alone_decides_nothing(
    evening: Evening, phone: Phone, deed: str, said: dict[str, str], answer: str
) -> None:
    scan = refused(evening, phone)
    assert kind(decide(phone, scan, deed, **said)) == (403, answer)
    with evening.house.scope():
        assert (rows(Override).count(), rows(Undo).count()) == (0, 0)


def test_a_phone_would_decide_alone_if_nobody_asked_for_the_pin(
    evening: Evening, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the guard off the same call goes through, so the refusals above are the guard's."""
    with evening.house.scope():
        anybody = rows(Device).get(phone.id)
        commit()
    monkeypatch.setattr("voelgoed.api.scans.opened_by", lambda *_said: anybody)
    assert decide(phone, refused(evening, phone)).status_code == 201


def test_five_wrong_pins_lock_and_a_right_one_does_not_open(evening: Evening, phone: Phone) -> None:
    scan = refused(evening, phone)
    for _ in range(5):
        assert kind(decide(phone, scan, staff_number="71", pin="000000")) == (403, "wrong_pin")
    assert kind(decide(phone, scan, **PIN)) == (429, "pin_locked")


def test_who_may_not_decide_opens_no_phone(evening: Evening, phone: Phone) -> None:
    give_pin(evening.house, "box_office", "72", "246802")
    scan = refused(evening, phone)
    assert kind(decide(phone, scan, staff_number="72", pin="246802")) == (403, "wrong_pin")


def test_day_staff_decide_at_the_event_that_they_are_named_for(evening: Evening, phone: Phone) -> None:
    other = put_on(evening.app, evening.house, name="Elsewhere")
    day_staff(evening.house, other.event_id, "801", "111222", ("gate_supervisor",))
    day_staff(evening.house, evening.event_id, "802", "333444", ("gate_supervisor",))
    scan = refused(evening, phone)
    assert kind(decide(phone, scan, staff_number="801", pin="111222")) == (403, "wrong_pin")
    assert decide(phone, scan, staff_number="802", pin="333444").status_code == 201


def test_nobody_decides_at_a_turnstile(evening: Evening, phone: Phone) -> None:
    gate = evening.phone("North", "turnstile")
    scan = refused(evening, gate)
    assert kind(decide(gate, scan, **PIN)) == (403, "person_needed")


def test_a_phone_decides_about_its_own_scans_only(evening: Evening, phone: Phone) -> None:
    scan = refused(evening, evening.phone("North"))
    assert decide(phone, scan, **PIN).status_code == 404
    assert decide(phone, str(uuid4()), **PIN).status_code == 404


def test_what_is_no_ticket_of_the_event_is_never_let_in(evening: Evening, phone: Phone) -> None:
    other = put_on(evening.app, evening.house, name="Elsewhere")
    for code, verdict in ((other.code(), "wrong_event"), ("VG1.NONSENSE", "unknown_code")):
        said = phone.scan(code)
        assert said["verdict"] == verdict
        assert kind(decide(phone, said["scan_id"], **PIN)) == (409, "no_ticket")


def test_looking_says_what_a_scan_would_be_and_records_nothing(evening: Evening) -> None:
    phone, (ticket, code) = evening.phone(role="supervisor"), evening.tickets("Family")[0]
    for _ in range(2):
        said = phone.send(phone.body(code, look=True)).json
        assert (said["verdict"], said["admitted"], said["look"]) == ("admitted", False, True)
        assert (said["ticket"]["inside"], said["occupancy"]["event"]) == (0, 0)
    body = {key: value for key, value in phone.body(code, look=True).items() if key != "sequence"}
    assert phone.send(body).status_code == 200
    with evening.house.scope():
        assert (rows(Scan).count(), rows(Admission).count()) == (0, 0)
        serial = rows(Ticket).get(ticket).serial
    assert phone.scan(code)["verdict"] == "admitted"
    seen = phone.send({**phone.body(look=True), "serial": serial}).json
    assert (seen["verdict"], seen["ticket"]["inside"]) == ("duplicate", 4)


def test_a_look_would_be_recorded_if_it_were_judged_as_a_scan(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: judged as a scan is, the second look says that the first one came in."""
    monkeypatch.setattr("voelgoed.api.scans.look_at", lambda _device, asked: judge_one(asked))
    phone, code = evening.phone(role="supervisor"), evening.code()
    said = [phone.send(phone.body(code, look=True)).json["verdict"] for _ in range(2)]
    assert said == ["admitted", "duplicate"]


def test_only_a_supervisors_phone_looks(evening: Evening) -> None:
    for role in ("steward", "turnstile"):
        phone = evening.phone(role=role)
        assert kind(phone.send(phone.body(evening.code(), look=True))) == (403, "not_this_role")
    with evening.house.scope("gate_supervisor"):
        device = rows(Device).filter(Device.role == "turnstile").one()
        device.role = "supervisor"
        commit()
    assert phone.send(phone.body(evening.code(), look=True)).status_code == 200
    body = phone.body(evening.code())
    del body["sequence"]
    assert phone.send(body).status_code == 422, "only a look goes without a number"


def named(evening: Evening, *names: str) -> None:
    """Give new tickets to people."""
    made = evening.tickets(quantity=len(names))
    with evening.house.scope():
        for (ticket, _), name in zip(made, names, strict=True):
            rows(Ticket).get(ticket).holder = name
        commit()


def test_a_supervisor_finds_a_ticket_by_name_and_scans_its_serial(
    evening: Evening, phone: Phone, personas: Personas
) -> None:
    named(evening, "Naledi Khumalo", "naledi dlamini", "Sipho Khumalo")
    named(put_on(evening.app, evening.house, name="Elsewhere"), "Naledi Elsewhere")
    found = phone.post("/ticket-searches", name="NALEDI", **PIN).json["items"]
    assert [(one["holder"], one["state"]) for one in found] == [
        ("naledi dlamini", "outside"), ("Naledi Khumalo", "outside"),
    ]  # fmt: skip
    assert phone.send({**phone.body(), "serial": found[1]["serial"]}).json["verdict"] == "admitted"
    again = phone.post("/ticket-searches", name="naledi k", **PIN).json["items"]
    assert [(one["holder"], one["state"]) for one in again] == [("Naledi Khumalo", "inside")]


def test_a_steward_sees_no_names(evening: Evening, phone: Phone) -> None:
    named(evening, "Naledi Khumalo")
    for said in ({}, {"staff_number": "71", "pin": "000000"}):
        answer = phone.post("/ticket-searches", name="Naledi", **said)
        assert answer.status_code == 403
        assert "Khumalo" not in answer.text
    assert supervisor.DEED == "gate.decide"
