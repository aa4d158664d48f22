"""The supervisor's pages: the number is right, refusals say where and when, and others see nothing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.personas import Personas
from tests.scanning.evening import Evening, put_on
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Venue, Zone
from voelgoed.control.look import take, version
from voelgoed.control.parts import PARTS
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import frozen, now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.workflow.journal import RunStuck, WorkflowRun
from voelgoed.occupancy.figure import figure
from voelgoed.scanning.device import Device

SEE = ("owner", "manager", "gate_supervisor", "accountant", "auditor")


def body(personas: Personas, path: str, role: str = "gate_supervisor") -> str:
    answer = personas.client(role).get(path)
    assert answer.status_code == 200, answer.status
    return re.sub(r"\s+", " ", answer.text)


def live(evening: Evening) -> str:
    return f"/home/events/{evening.event_id}/live"


def test_the_number_zones_and_refusals_are_there(evening: Evening, personas: Personas) -> None:
    south, north, codes = evening.phone("South"), evening.phone("North"), [c for _, c in evening.tickets(quantity=3)]
    for code in codes:
        south.scan(code)
    north.scan(codes[0])
    page = body(personas, live(evening))
    assert '<strong class="figure num">3</strong>' in page
    assert "3 tickets inside" in page
    assert "Just used" in page
    assert "came in at South" in page
    assert page.count("Undo<span") == 3
    assert "Grounds" not in page  # it holds all other zones: it is the whole number


def test_a_day_that_is_over_is_named_by_its_own_date(evening: Evening, personas: Personas) -> None:
    with evening.house.scope():
        date = rows(Day).filter(Day.event_id == evening.event_id).one().date
    with frozen(now() + timedelta(days=3)):
        assert f"{date:%a} {date.day} {date:%b}" in body(personas, live(evening))


@pytest.mark.parametrize("role", SEE)
def test_who_may_watch_sees_it(evening: Evening, personas: Personas, role: str) -> None:
    assert ("may-not-decide" in body(personas, live(evening), role)) is (role in ("accountant", "auditor"))
    assert "inside, of" in body(personas, f"/home/events/{evening.event_id}/wall", role)
    assert "Tonight" in body(personas, "/home/live", role)


def paths(evening: Evening) -> list[str]:
    event = f"/home/events/{evening.event_id}"
    parts = [f"{event}/live/{name}" for name in PARTS]
    return [f"{event}/live", f"{event}/wall", f"{event}/phones", "/home/live", *parts]


def test_an_outsider_and_a_clerk_see_nothing(evening: Evening, personas: Personas) -> None:
    outsider, clerk = personas.outsider(), personas.client("box_office")
    for path in paths(evening):
        assert outsider.get(path).status_code == 404, path
        assert clerk.get(path).status_code == 403, path
        if "/events/" in path:
            assert outsider.get(path.replace("/home/", "/abroad/")).status_code == 404, path
    assert "Tonight" not in outsider.get("/abroad/live").text


@pytest.mark.parametrize("name", sorted(PARTS))
def test_each_part_is_its_own_answer_and_its_version_rises(evening: Evening, personas: Personas, name: str) -> None:
    def part() -> tuple[str, int]:
        html = body(personas, f"{live(evening)}/{name}")
        found = re.search(rf'<section id="{name}".*?data-version="(\d+)"', html)
        assert found is not None
        return html, int(found.group(1))

    phone, code = evening.phone(), evening.code()
    html, before = part()
    assert f'data-room="occupancy:{evening.event_id}"' in html
    phone.scan(code)
    _, after = part()
    assert after > before
    assert after < 2**53  # a number that a browser still counts exactly


def test_an_unknown_part_is_404(evening: Evening, personas: Personas) -> None:
    assert personas.client("owner").get(f"{live(evening)}/secrets").status_code == 404


def test_the_version_follows_the_counters_first_and_time_second(evening: Evening, personas: Personas) -> None:
    phone, codes = evening.phone(), [code for _, code in evening.tickets(quantity=2)]
    late = now() + timedelta(hours=2)

    def at(moment: datetime) -> int:
        with personas.home.scope(), frozen(moment):
            found = figure(rows(Event).get(evening.event_id))
            assert found is not None
            return version(found, moment)

    phone.scan(codes[0])
    first, later = at(now()), at(late)
    phone.scan(codes[1])
    assert first < later < at(now())  # a later count beats a later look at an earlier one


def test_an_event_without_a_day_says_so(personas: Personas, evening: Evening) -> None:
    with personas.home.scope():
        event = Event(venue_id=rows(Event).get(evening.event_id).venue_id, name="Someday")
        db.session.add(event)
        commit()
        ident = event.id
    assert "has no day yet" in body(personas, f"/home/events/{ident}/live")
    assert personas.client("owner").get(f"/home/events/{ident}/wall").status_code == 404


@pytest.mark.parametrize(
    ("inside", "says"),
    [(7, None), (8, "Circle is at 80%"), (9, "Circle is at 90%"), (10, "Circle is full")],
)
def test_a_zone_near_its_number_needs_a_person(app: Flask, personas: Personas, inside: int, says: str | None) -> None:
    evening = put_on(app, personas.home, name="Small")
    with personas.home.scope():
        rows(Zone).get(evening.zones["Circle"]).capacity = 10
        commit()
    phone, rope = evening.phone("South"), evening.phone("Rope")
    for _, code in evening.tickets("Crew", inside):
        phone.scan(code)
        rope.scan(code)
    needs = body(personas, f"{live(evening)}/needs")
    assert (says or "Nothing. Every phone is heard") in needs
    assert ("Circle" in needs) is (says is not None)


def test_more_inside_than_certified_is_an_alert(evening: Evening, personas: Personas) -> None:
    phone = evening.phone("South")
    for _, code in evening.tickets("Crew", 3):
        phone.scan(code)
    needs = body(personas, f"{live(evening)}/needs")
    assert "too many" not in needs
    with personas.home.scope():  # as if phones without network had let them in
        rows(Zone).get(evening.zones["Lawn"]).capacity = 2
        commit()
    needs = body(personas, f"{live(evening)}/needs")
    assert "Lawn holds 1 person too many" in needs
    assert f"entry-stops/new?zone_id={evening.zones['Lawn']}" in needs
    assert "The venue holds" not in needs


def test_a_silent_phone_needs_a_person_and_one_never_heard_too(evening: Evening, personas: Personas) -> None:
    silent, fresh = evening.phone("South"), evening.phone("North")
    with personas.home.scope():
        rows(Device).get(silent.id).last_heard_at = now() - timedelta(minutes=6)
        rows(Device).get(fresh.id).last_heard_at = None
        commit()
    needs = body(personas, f"{live(evening)}/needs")
    assert "phone at South has been silent for 6 min" in needs
    assert "phone at North was never heard" in needs
    assert "South, silent" in body(personas, f"{live(evening)}/gates")
    assert "1 phone silent" in body(personas, f"{live(evening)}/occupancy")


def test_times_are_the_venues(evening: Evening, personas: Personas) -> None:
    evening.phone().scan(evening.code())
    with personas.home.scope():
        row = rows(Venue).get(rows(Event).get(evening.event_id).venue_id)
        row.timezone = "Pacific/Auckland"
        commit()
        picture = take(rows(Event).get(evening.event_id))
        assert picture is not None
    there = picture.at.astimezone(ZoneInfo("Pacific/Auckland"))
    assert there.strftime("%H:%M") in body(personas, f"{live(evening)}/hour")


def stuck(personas: Personas) -> RunStuck:
    with personas.home.scope():
        run = WorkflowRun(
            workflow="complete_checkout", version=1, key="k", inputs={}, inputs_hash="h", actor_kind="user",
            actor_id=None, actor_label="Naledi",
        )  # fmt: skip
        db.session.add(run)
        db.session.flush()
        row = RunStuck(run_id=run.id, step="charge", reason="the terminal does not answer")
        db.session.add(row)
        commit()
        return row


def test_a_stuck_run_is_shown_and_tried_again(evening: Evening, personas: Personas) -> None:
    row = stuck(personas)
    assert "1 run stuck" in body(personas, f"{live(evening)}/needs")
    page = body(personas, "/home/needs", "manager")
    assert "the terminal does not answer" in page
    assert "Naledi" in page
    assert personas.outsider().post(f"/abroad/needs/runs/{row.id}/again").status_code == 404
    assert personas.client("gate_supervisor").post(f"/home/needs/runs/{row.id}/again").status_code == 403
    assert personas.client("manager").post(f"/home/needs/runs/{row.id}/again").status_code == 303
    assert "Nothing needs a person" in body(personas, "/home/needs", "manager")


def test_a_stuck_run_is_settled_by_hand_with_a_note(evening: Evening, personas: Personas) -> None:
    row, manager = stuck(personas), personas.client("manager")
    refused = manager.post(f"/home/needs/runs/{row.id}/settled", data={"note": " "})
    assert refused.status_code == 422
    assert "This is needed" in refused.text
    done = manager.post(f"/home/needs/runs/{row.id}/settled", data={"note": "given back at the counter"})
    assert done.status_code == 303
    assert "Nothing needs a person" in body(personas, "/home/needs", "manager")
