"""Gate passes: given at the gate within a limit, out of places of their own, scanned like any ticket, listed, void."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

import voelgoed.selling.give_gate_pass as giving
from tests.contracts.calls import token_of
from tests.scanning.evening import put_on
from tests.scanning.test_scan import inside
from tests.scanning.truth import untrue
from tests.selling.checking import violations
from voelgoed.catalog.ticket_type import Pool, TicketType
from voelgoed.foundation import checks
from voelgoed.foundation.audit.entry import AuditEntry
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.selling.gate_pass import GatePass, GatePassCount
from voelgoed.ticketing.codes import code_of
from voelgoed.ticketing.ticket import Ticket


@pytest.fixture
def evening(app, personas):
    return put_on(app, personas.home)


def keep(evening, personas, capacity=30, zone=None, role="manager"):
    where = str(evening.zones[zone]) if zone else "anywhere"
    return personas.client(role).post(
        f"/home/events/{evening.event_id}/gate-pass-places", data={"zone_id": where, "capacity": str(capacity)}
    )


def give(evening, personas, bodies=1, role="gate_supervisor", **more):
    data = {"bodies": str(bodies), "reason": "Lost tickets", "holder": "", "key": str(uuid4())} | more
    return personas.client(role).post(f"/home/events/{evening.event_id}/gate-passes", data=data)


def code(evening, answer):
    with evening.house.scope():
        found = rows(GatePass).get(UUID(answer.location.rsplit("/", 1)[-1]))
        return code_of(rows(Ticket).get(found.ticket_id))


def sound(evening):
    assert violations() == {}
    assert untrue(evening.house) == []
    assert astray() == 0


def astray():
    with skip_tenant_rule(reason="a test checks what must hold") as session:
        return next(one for one in checks.checkers() if one.code == "I8").count(session)


def taken(evening):
    with evening.house.scope():
        found = rows(Pool).filter(Pool.name.startswith("Gate pass")).order_by(Pool.name)
        return [(one.name, one.taken, one.capacity) for one in found]


def test_a_supervisor_lets_people_in_for_nothing_and_they_count_inside(evening, personas):
    assert "No places are kept" in personas.client("gate_supervisor").get(
        f"/home/events/{evening.event_id}/gate-passes/new").text  # fmt: skip
    assert (give(evening, personas).status_code, keep(evening, personas).status_code) == (409, 303)
    asked = {"key": str(uuid4()), "holder": "Naledi Mokoena"}
    first, again = (give(evening, personas, 3, **asked) for _ in range(2))  # the same key gives once
    assert (first.status_code, again.location) == (303, first.location)
    page = personas.client("gate_supervisor").get(first.location).text
    assert "Lost tickets" in page
    assert "Gate pass, free of charge" in page
    assert "<svg" in page
    assert "3 of 10 of the day" in page
    phone = evening.phone()
    told = phone.scan(code(evening, first))
    assert (told["verdict"], told["ticket"]["admits"], told["ticket"]["type"]) == ("admitted", 3, "Gate pass")
    assert inside(evening) == (3, 1)
    assert phone.scan(code(evening, first))["verdict"] == "duplicate"
    assert taken(evening) == [("Gate pass", 3, 30)]
    with evening.house.scope():
        reasons = select(AuditEntry.reason, AuditEntry.actor_label).where(AuditEntry.object == "ticket")
        assert ("Lost tickets", "gate_supervisor of home") in [tuple(one) for one in db.session.execute(reasons)]
    sound(evening)


def test_a_supervisor_gives_up_to_the_limit_of_the_day_and_a_manager_without_one(evening, personas):
    keep(evening, personas)
    assert give(evening, personas, 8).status_code == 303
    above = give(evening, personas, 3)
    assert (above.status_code, "You may let in 2 more" in above.text) == (403, True)
    assert give(evening, personas, 2).status_code == 303
    form = personas.client("gate_supervisor").get(f"/home/events/{evening.event_id}/gate-passes/new").text
    assert "limit of the day is used up" in form
    assert give(evening, personas, 20, role="manager").status_code == 303  # the places are all gone by now
    full = give(evening, personas, 1, role="owner")
    assert (full.status_code, "Only 0 are left there" in full.text) == (409, True)
    with evening.house.scope():
        assert [(one.how, one.bodies, one.own_total) for one in rows(GatePass).order_by(GatePass.id)] == [
            ("own", 8, 8), ("own", 2, 10), ("freely", 20, None),
        ]  # fmt: skip
        assert rows(GatePassCount).one().given == 10
    sound(evening)


def test_the_limit_is_a_setting(evening, personas):
    keep(evening, personas)
    with evening.house.scope("owner"):
        db.session.scalars(select(Organization)).one().supervisor_pass_limit = 1
        commit()
    assert [give(evening, personas).status_code for _ in range(2)] == [303, 403]
    assert "Supervisors let in by gate pass up to" in personas.client("owner").get("/home/settings").text


def test_without_its_condition_the_row_refuses_more_than_the_limit(evening, personas, monkeypatch):
    """The negative control: the conditional update is what answers, the database is what holds."""
    keep(evening, personas)
    monkeypatch.setattr(giving, "within", lambda bodies: text("true"))
    with evening.house.scope("gate_supervisor"), pytest.raises(IntegrityError, match="within_limit"):
        giving.give_gate_pass(giving.GiveGatePass(evening.event_id, 11, "x", uuid4(), limited=True))
    assert taken(evening) == [("Gate pass", 0, 30)]


def test_the_places_count_in_the_zones_certified_number(evening, personas):
    assert keep(evening, personas, 50, "Circle").status_code == 303
    over = keep(evening, personas, 51, "Circle")
    assert (over.status_code, "Circle holds 50" in over.text) == (422, True)
    assert keep(evening, personas, 701).status_code == 422  # 300 are sold of 1 000, 50 are the Circle's
    assert keep(evening, personas, 650).status_code == 303
    assert [one[2] for one in taken(evening)] == [650, 50]
    which = give(evening, personas)
    assert (which.status_code, "Say for which zone" in which.text) == (422, True)
    with evening.house.scope():
        circle = rows(TicketType).including_archived().filter_by(name="Gate pass, Circle").one().id
        rollback()
    given = give(evening, personas, 2, ticket_type_id=str(circle))
    assert given.status_code == 303
    assert keep(evening, personas, 1, "Circle").status_code == 422  # two were given
    rope = evening.phone("Rope")
    assert evening.phone().scan(code(evening, given))["verdict"] == "wrong_zone"
    assert rope.scan(code(evening, given))["verdict"] == "admitted"
    sound(evening)


def test_what_is_given_at_the_gate_is_never_sold(evening, personas):
    keep(evening, personas)
    with evening.house.scope():
        kind = rows(TicketType).including_archived().filter_by(gate_pass=True).one().id
        rollback()
    manager = personas.client("manager")
    assert str(kind) not in manager.get(f"/home/events/{evening.event_id}/till").text
    comp = {"ticket_type_id": str(kind), "quantity": "1", "purpose": "press", "reason": "x", "key": str(uuid4())}
    assert manager.post(f"/home/events/{evening.event_id}/comps", data=comp).status_code == 404
    asked = {"event_id": str(evening.event_id), "lines": [{"ticket_type_id": str(kind), "quantity": 1}]}
    headers = {"Authorization": f"Bearer {token_of(evening.house, 'manager')}"}
    sold = evening.app.test_client().post("/api/v1/checkouts", json=asked, headers=headers)
    assert sold.status_code in (404, 409, 422)
    for deed in ("", "/restore", "/archive"):
        path = f"/home/events/{evening.event_id}/types/{kind}{deed}"
        assert (manager.post(path) if deed else manager.get(path)).status_code == 404
    page = manager.get(f"/home/events/{evening.event_id}").text
    assert "Put away" not in page.split('id="types"')[1]
    with evening.house.scope("manager"):
        rows(TicketType).including_archived().filter_by(gate_pass=True).one().archived_at = None
        with pytest.raises(IntegrityError, match="gate_passes_are_not_sold"):
            db.session.flush()


def test_a_pass_is_taken_back_and_its_places_are_given_again(evening, personas):
    keep(evening, personas, 3)
    given = give(evening, personas, 3)
    supervisor = personas.client("gate_supervisor")
    assert supervisor.post(f"{given.location}/void", data={"reason": ""}).status_code == 422
    assert supervisor.post(f"{given.location}/void", data={"reason": "Wrong gate"}).status_code == 303
    assert "lets nobody in any more: Wrong gate" in supervisor.get(given.location).text
    assert evening.phone().scan(code(evening, given))["verdict"] == "void"
    assert taken(evening) == [("Gate pass", 0, 3)]
    again = give(evening, personas, 3)
    evening.phone().scan(code(evening, again))
    assert supervisor.post(f"{again.location}/void", data={"reason": "x"}).status_code == 403  # they are inside
    assert personas.client("manager").post(f"{again.location}/void", data={"reason": "x"}).status_code == 303
    sound(evening)


def test_passes_are_listed_added_up_and_handed_out_as_a_file(evening, personas):
    keep(evening, personas)
    give(evening, personas, 2, holder="Naledi")
    taken_back = give(evening, personas, 4, role="manager")
    personas.client("manager").post(f"{taken_back.location}/void", data={"reason": "x"})
    page = personas.client("gate_supervisor").get(f"/home/events/{evening.event_id}/gate-passes").text
    assert "For 2 people, 4 more taken back" in page
    assert "Naledi" in page
    csv = (
        personas.client("gate_supervisor")
        .get(f"/home/events/{evening.event_id}/gate-passes.csv")
        .data.decode("utf-8-sig")
    )
    rows_ = csv.splitlines()
    assert rows_[0] == "given at,where,serial,people,void,reason,given by,holder"
    assert rows_[2].endswith(",2,0,Lost tickets,gate_supervisor of home,Naledi")
    auditor = personas.client("auditor").get(f"/home/events/{evening.event_id}/gate-passes").text
    assert ("For 2 people" in auditor, "Naledi" in auditor, "Give a pass" in auditor) == (True, False, False)
    assert "2 people by gate passes" in personas.client("manager").get(f"/home/events/{evening.event_id}/comps").text


def test_a_checker_finds_a_pass_that_is_not_what_it_says(evening, personas):
    keep(evening, personas)
    give(evening, personas, 2)
    assert astray() == 0
    with evening.house.scope("manager"):
        rows(GatePassCount).one().given = 1
        commit()
    assert astray() == 1
    with evening.house.scope("manager"):
        rows(GatePassCount).one().given = 2
        rows(Ticket).one().bodies = 3
        commit()
    assert astray() == 1


def test_a_program_gives_lists_and_takes_back(evening, personas):
    keep(evening, personas)
    client = evening.app.test_client()
    supervisor = {"Authorization": f"Bearer {token_of(evening.house, 'gate_supervisor')}"}
    body = {"event_id": str(evening.event_id), "bodies": 2, "reason": "Lost tickets"}
    first, again = (client.post("/api/v1/gate-passes", json=body, headers={**supervisor, "Idempotency-Key": "a"})
                    for _ in range(2))  # fmt: skip
    assert (first.status_code, first.json["left"], again.json) == (201, 8, first.json)
    assert evening.phone().scan(first.json["ticket"]["code"])["verdict"] == "admitted"
    listed = client.get(f"/api/v1/events/{evening.event_id}/gate-passes", headers=supervisor).json["items"]
    assert listed == [first.json | {"ticket": first.json["ticket"] | {"code": None}}]
    above = client.post("/api/v1/gate-passes", json=body | {"bodies": 9}, headers=supervisor)
    assert (above.status_code, above.json["type"].rsplit("/", 1)[-1]) == (403, "above_limit")
    other = client.post("/api/v1/gate-passes", json=body, headers=supervisor).json["id"]
    gone = client.post(f"/api/v1/gate-passes/{other}/void", json={"reason": "x"}, headers=supervisor)
    assert (gone.status_code, gone.json["void"]) == (200, True)
    assert client.post(f"/api/v1/gate-passes/{other}/void", json={"reason": "x"}, headers=supervisor).status_code == 409
    sound(evening)


def test_others_give_and_see_nothing(app, evening, personas):
    keep(evening, personas)
    at = give(evening, personas).location
    for role in ("box_office", "accountant", "auditor"):
        assert give(evening, personas, role=role).status_code == 403
        assert personas.client(role).get(at).status_code == (403 if role == "box_office" else 200)
        assert personas.client(role).post(f"{at}/void", data={"reason": "x"}).status_code == 403
        assert keep(evening, personas, role=role).status_code == 403
    other = put_on(app, personas.home, name="Other")
    foreign = {"zone_id": str(other.zones["Lawn"]), "capacity": "1"}
    places = f"events/{evening.event_id}/gate-pass-places"
    assert personas.client("manager").post(f"/home/{places}", data=foreign).status_code == 404
    for house in ("home", "abroad"):
        abroad = personas.outsider()
        there = at.replace("/home/", f"/{house}/")
        assert abroad.get(there).status_code == 404
        assert abroad.post(f"{there}/void", data={"reason": "x"}).status_code == 404
        assert abroad.post(f"/{house}/events/{evening.event_id}/gate-passes", data={}).status_code == 404
        assert abroad.post(f"/{house}/{places}", data=foreign).status_code == 404
    sound(evening)
