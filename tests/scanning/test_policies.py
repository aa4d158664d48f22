"""What a type, a block or an emptied zone says of who may enter, through the API, with the record beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from tests.personas import Personas
from tests.scanning.evening import Evening, put_on
from tests.scanning.test_scan import inside
from tests.scanning.truth import untrue
from voelgoed.catalog.ticket_type import TicketType, TypeGate
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.ticket_block import TicketBlock
from voelgoed.ticketing.ticket import Ticket


def rule(evening: Evening, name: str = "Adult", **said: Any) -> None:
    """Change what a type says."""
    with evening.house.scope("manager"):
        sold = rows(TicketType).get(evening.types[name])
        for field, value in said.items():
            setattr(sold, field, value)
        commit()


def walk(evening: Evening, times: int, code: str | None = None) -> list[str]:
    """Come in and go out so often; returns the answers at the way in."""
    phone, code = evening.phone(), code or evening.code()
    said = []
    for _ in range(times):
        said.append(phone.scan(code)["verdict"])
        phone.scan(code, direction="out")
    return said


def empty(evening: Evening, personas: Personas, zone: str | None, role: str = "gate_supervisor") -> int:
    where = str(evening.zones[zone]) if zone else "everywhere"
    data = {"zone_id": where, "reason": "Lightning"}
    return personas.client(role).post(f"/home/events/{evening.event_id}/emptyings", data=data).status_code


def test_so_many_entries(evening: Evening) -> None:
    rule(evening, reentry="entries", reentry_entries=2)
    assert walk(evening, 3) == ["admitted", "admitted", "no_reentry"]
    assert untrue(evening.house) == []


def test_once_on_each_day(evening: Evening) -> None:
    rule(evening, reentry="daily")
    assert walk(evening, 2) == ["admitted", "no_reentry"]


@pytest.mark.parametrize(("hours", "expected"), [(-1, "no_reentry"), (1, "admitted")])
def test_until_a_time_on_the_venues_wall(evening: Evening, hours: int, expected: str) -> None:
    clock = (now() + timedelta(hours=hours)).astimezone(ZoneInfo("Africa/Johannesburg"))
    if hours < 0:
        with evening.house.scope("manager"):
            from voelgoed.catalog.event import Day

            rows(Day).get(evening.day_id).doors_at = now() - timedelta(hours=3)
            commit()
    rule(evening, reentry="until", reentry_until=f"{clock:%H:%M}")
    assert walk(evening, 2) == ["admitted", expected]
    assert untrue(evening.house) == []


def test_a_group_comes_in_together_and_then_as_it_likes(evening: Evening) -> None:
    rule(evening, "Family", group_min=3)
    phone, code = evening.phone(), evening.code("Family")
    assert phone.scan(code, bodies=2)["verdict"] == "group_incomplete"
    assert phone.scan(code, bodies=3)["verdict"] == "admitted"
    assert phone.scan(code, bodies=1)["verdict"] == "admitted"
    assert inside(evening) == (4, 1)


def test_a_type_comes_in_by_its_gates(evening: Evening) -> None:
    with evening.house.scope("manager"):
        db.session.add(TypeGate(ticket_type_id=evening.types["Adult"], gate_id=evening.gates["North"]))
        commit()
    code = evening.code()
    told = evening.phone("South").scan(code)
    assert (told["verdict"], told["message"]) == ("wrong_gate", "Go to North")
    assert evening.phone("North").scan(code)["verdict"] == "admitted"
    assert evening.phone("Rope").scan(code)["verdict"] == "admitted"  # from zone to zone is a matter of zones
    assert evening.phone("South").scan(evening.code("Crew"))["verdict"] == "admitted"


def wall(hours: float) -> str:
    """Return a time of day at the venue, so many hours from now."""
    return f"{(now() + timedelta(hours=hours)).astimezone(ZoneInfo('Africa/Johannesburg')):%H:%M}"


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, "admitted"), (0.5, None, "too_early"), (-0.5, None, "admitted"), (None, -0.5, "too_late"),
        (None, 0.5, "admitted"), (-0.5, 0.5, "admitted"), (0.5, 2, "too_early"), (-0.7, -0.5, "too_late"),
    ],
)  # fmt: skip
def test_a_type_lets_in_at_its_hours(evening: Evening, since: float | None, until: float | None, expected: str) -> None:
    hours = {"valid_from": since and wall(since), "valid_until": until and wall(until)}
    rule(evening, **hours)
    told = evening.phone().scan(evening.code())
    assert told["verdict"] == expected
    more = {"too_early": f": lets in from {hours['valid_from']}", "too_late": f": let in until {hours['valid_until']}"}
    assert told["message"].endswith(more.get(expected, "Welcome"))
    assert told["ticket"].get("valid", {}) == ({"from": hours["valid_from"], "until": hours["valid_until"]}
                                              if since or until else {})  # fmt: skip
    assert evening.phone().scan(evening.code("Crew"))["verdict"] == "admitted"


def test_who_is_inside_stays_moves_and_leaves_after_the_hours(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code("Crew")
    assert phone.scan(code)["verdict"] == "admitted"
    rule(evening, "Crew", valid_until=wall(-0.1))
    assert evening.phone("Rope").scan(code)["verdict"] == "admitted"  # on to the next zone
    assert phone.scan(code, direction="out")["verdict"] == "exited"
    assert phone.scan(code)["verdict"] == "too_late"
    assert untrue(evening.house) == []


def test_hours_stand_on_the_till_and_the_ticket_and_in_the_bundle(evening: Evening, personas: Personas) -> None:
    since, until = wall(1), wall(3)
    rule(evening, valid_from=since, valid_until=until)
    till = personas.client("box_office").get(f"/home/events/{evening.event_id}/till").text
    assert f"from {since} until {until}" in till
    ticket, _ = evening.tickets()[0]
    assert f"lets in from {since} until {until}" in personas.client("box_office").get(f"/home/tickets/{ticket}").text
    phone = evening.phone()
    said = phone.client.get(f"/api/v1/events/{evening.event_id}/bundle",
                            headers={"Authorization": f"Bearer {phone.token}"}).json  # fmt: skip
    adult = next(one for one in said["types"] if one["name"] == "Adult")
    assert adult["valid"] == {"from": since, "until": until}
    assert adult["windows"]["0"][1] - adult["windows"]["0"][0] == 2 * 3600


def block(evening: Evening, personas: Personas, serial: str, role: str = "gate_supervisor") -> int:
    data = {"serial": serial, "reason": "Stolen"}
    return personas.client(role).post(f"/home/events/{evening.event_id}/blocks", data=data).status_code


def serial_of(evening: Evening, ticket: Any) -> str:
    with evening.house.scope():
        return rows(Ticket).get(ticket).serial


def test_a_blocked_ticket_is_told_why_until_it_is_lifted(evening: Evening, personas: Personas) -> None:
    phone, (ticket, code) = evening.phone(), evening.tickets()[0]
    assert block(evening, personas, serial_of(evening, ticket).lower()) == 303
    assert block(evening, personas, serial_of(evening, ticket)) == 409
    told = phone.scan(code)
    assert (told["verdict"], told["message"]) == ("blocked", "Blocked: Stolen")
    page = personas.client("auditor").get(f"/home/events/{evening.event_id}/blocks").text
    assert "Stolen" in page
    assert "Block it" not in page
    with evening.house.scope():
        found = rows(TicketBlock).one().id
    lifts = f"/home/events/{evening.event_id}/blocks/{found}/lifts"
    assert [personas.client("manager").post(lifts).status_code for _ in range(2)] == [303, 409]
    assert phone.scan(code)["verdict"] == "admitted"
    assert untrue(evening.house) == []
    with evening.house.scope():
        of = select(AuditEntry.action, AuditEntry.actor_label).where(AuditEntry.object == "ticket_block")
        assert [tuple(one) for one in db.session.execute(of.order_by(AuditEntry.id))] == [
            ("created", "gate_supervisor of home"), ("changed", "manager of home"),
        ]  # fmt: skip


def test_a_blocked_ticket_that_a_phone_let_in_is_one_conflict(evening: Evening, personas: Personas) -> None:
    from tests.scanning.test_batches import offline, sent

    phone, (ticket, code) = evening.phone(), evening.tickets()[0]
    block(evening, personas, serial_of(evening, ticket))
    sent(evening, phone, [offline(phone, code)])
    with evening.house.scope():
        assert [one.kind for one in rows(Conflict)] == ["blocked"]
        assert db.session.scalars(select(Admission.id)).all() == []
    assert untrue(evening.house) == []


def test_others_block_nothing(app: Flask, evening: Evening, personas: Personas) -> None:
    ticket, code = evening.tickets()[0]
    serial = serial_of(evening, ticket)
    for role in ("box_office", "accountant", "auditor"):
        assert block(evening, personas, serial, role) == 403
    data, path = {"serial": serial, "reason": "x"}, f"events/{evening.event_id}/blocks"
    for house in ("home", "abroad"):
        assert personas.outsider().post(f"/{house}/{path}", data=data).status_code == 404
    other = put_on(app, personas.home, name="Other")
    assert block(other, personas, serial) == 422  # another event's ticket is none of this one
    assert block(evening, personas, "") == 422
    assert evening.phone().scan(code)["verdict"] == "admitted"


def test_after_an_evacuation_everyone_may_enter_again(evening: Evening, personas: Personas) -> None:
    phone, codes = evening.phone(), [code for _, code in evening.tickets(quantity=3)]
    family = evening.code("Family")
    for code in (*codes, family):
        phone.scan(code)
    phone.scan(codes[0], direction="out")
    scan = phone.scan(codes[1])["scan_id"]
    let_in = f"/home/events/{evening.event_id}/scans/{scan}/overrides"
    assert personas.client("manager").post(let_in, data={"reason": "Child"}).status_code == 303
    assert phone.scan(evening.code(), direction="out")["verdict"] == "not_inside"
    assert evening.phone("Rope").scan(codes[2])["verdict"] == "admitted"
    assert empty(evening, personas, "Grounds") == 303
    assert inside(evening) == (0, 0)
    assert untrue(evening.house) == []
    assert [phone.scan(code)["verdict"] for code in (*codes, family)] == ["admitted"] * 4
    assert inside(evening) == (7, 4)
    assert phone.scan(codes[1])["verdict"] == "duplicate"  # again once, not without end
    assert untrue(evening.house) == []
    with evening.house.scope():
        causes = db.session.scalars(select(Admission.cause).where(Admission.cause == "emptied")).all()
        assert len(causes) == 6
        reasons = db.session.scalars(select(AuditEntry.reason).where(AuditEntry.object == "admission")).all()
        assert "Lightning" in reasons


def test_an_emptied_zone_leaves_the_others(evening: Evening, personas: Personas) -> None:
    south, rope, codes = evening.phone(), evening.phone("Rope"), [code for _, code in evening.tickets(quantity=2)]
    for code in codes:
        south.scan(code)
    rope.scan(codes[0])
    assert empty(evening, personas, "Circle") == 303
    assert inside(evening) == (1, 1)
    assert rope.scan(codes[0])["verdict"] == "admitted"
    assert south.scan(codes[1])["verdict"] == "duplicate"
    assert untrue(evening.house) == []


def test_others_empty_nothing(app: Flask, evening: Evening, personas: Personas) -> None:
    evening.phone().scan(evening.code())
    for role in ("box_office", "accountant", "auditor"):
        assert empty(evening, personas, None, role) == 403
    data, path = {"zone_id": "everywhere", "reason": "x"}, f"events/{evening.event_id}/emptyings"
    for house in ("home", "abroad"):
        assert personas.outsider().post(f"/{house}/{path}", data=data).status_code == 404
    other = put_on(app, personas.home, name="Other")
    foreign = {"zone_id": str(other.zones["Lawn"]), "reason": "x"}
    assert personas.client("manager").post(f"/home/{path}", data=foreign).status_code == 404
    assert personas.client("manager").post(f"/home/{path}", data={"zone_id": "everywhere"}).status_code == 422
    assert inside(evening) == (1, 1)


def program(evening: Evening) -> dict[str, str]:
    """Return what a supervisor's program sends with each call."""
    from tests.contracts.calls import token_of

    return {"Authorization": f"Bearer {token_of(evening.house, 'gate_supervisor')}"}


def test_a_program_empties_a_zone_once_under_its_key(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code()
    phone.scan(code)
    call, client = f"/api/v1/events/{evening.event_id}/emptyings", evening.app.test_client()
    headers = {**program(evening), "Idempotency-Key": "one"}
    said = {"zone_id": str(evening.zones["Grounds"]), "reason": "Lightning"}
    first, again = (client.post(call, json=said, headers=headers) for _ in range(2))
    assert (first.status_code, first.json["reason"], first.json["by"]) == (
        201,
        "Lightning",
        "gate_supervisor of home (test)",
    )
    assert again.json == first.json
    assert set(first.json["zones"]) == {str(one) for one in evening.zones.values()}
    assert inside(evening) == (0, 0)
    assert phone.scan(code)["verdict"] == "admitted"
    assert client.post(call, json={"reason": ""}, headers=program(evening)).status_code == 422
    assert untrue(evening.house) == []


def test_a_program_blocks_a_ticket_and_lifts_the_block(evening: Evening) -> None:
    phone, (ticket, code) = evening.phone(), evening.tickets()[0]
    client, headers = evening.app.test_client(), {**program(evening), "Idempotency-Key": "one"}
    first, again = (
        client.post(f"/api/v1/tickets/{ticket}/blocks", json={"reason": "Stolen"}, headers=headers) for _ in range(2)
    )
    assert (first.status_code, first.json["serial"]) == (201, serial_of(evening, ticket))
    assert again.json == first.json
    assert client.post(f"/api/v1/tickets/{ticket}/blocks", json={"reason": "Stolen"},
                       headers=program(evening)).json["type"].endswith("already_blocked")  # fmt: skip
    assert phone.scan(code)["message"] == "Blocked: Stolen"
    listed = client.get(f"/api/v1/events/{evening.event_id}/blocks", headers=program(evening)).json
    assert listed == {"items": [first.json]}
    lifted = client.delete(f"/api/v1/blocks/{first.json['id']}", headers=program(evening))
    assert (lifted.status_code, lifted.json["lifted_by"]) == (200, "gate_supervisor of home (test)")
    assert client.delete(f"/api/v1/blocks/{first.json['id']}", headers=program(evening)).status_code == 409
    assert phone.scan(code)["verdict"] == "admitted"
    assert untrue(evening.house) == []
