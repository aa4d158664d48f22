"""Who is inside: sums over the tree of zones, gates, the shortfall, a version that only rises, and the recount."""

from __future__ import annotations

from uuid import UUID

import psycopg
from flask import Flask
from psycopg import sql

from tests.conftest import Database
from tests.personas import Personas
from tests.scanning.evening import Evening, Phone, put_on
from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.venue import Venue
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.occupancy.figure import Figure, figure
from voelgoed.scanning.decide import end_day, override, undo
from voelgoed.scanning.scan import Scan


def shown(evening: Evening) -> Figure:
    """Return the figure as the live page reads it."""
    with evening.house.scope():
        found = figure(rows(Event).get(evening.event_id))
        assert found is not None
        return found


def zones(evening: Evening) -> dict[str, tuple[int, int]]:
    """Return bodies and tickets by zone."""
    return {zone.name: (zone.bodies, zone.tickets) for zone in shown(evening).zones}


def drift() -> int:
    """Return how often counters and rows disagree, over all organizations."""
    with skip_tenant_rule(reason="the figures are recounted") as session:
        return next(one.count(session) for one in checkers() if one.code == "G5")


def read(phone: Phone, event_id: UUID) -> tuple[int, dict[str, object]]:
    """Ask the API for an event's occupancy."""
    answer = phone.client.get(
        f"/api/v1/events/{event_id}/occupancy", headers={"Authorization": f"Bearer {phone.token}"}
    )
    assert answer.json is not None
    return answer.status_code, answer.json


def test_nobody_is_inside_before_the_first(evening: Evening) -> None:
    found = shown(evening)
    assert (found.bodies, found.tickets, found.uncertainty, found.version) == (0, 0, 0, 0)
    assert [(zone.name, zone.depth) for zone in found.zones] == [("Grounds", 0), ("Lawn", 1), ("Circle", 1)]


def test_a_zone_holds_its_own_and_those_of_the_zones_inside_it(evening: Evening) -> None:
    south, rope = evening.phone(), evening.phone("Rope")
    adult, family = evening.code(), evening.code("Family")
    south.scan(adult)
    south.scan(family)
    assert zones(evening) == {"Grounds": (5, 2), "Lawn": (5, 2), "Circle": (0, 0)}
    rope.scan(adult)
    assert zones(evening) == {"Grounds": (5, 2), "Lawn": (4, 1), "Circle": (1, 1)}
    assert (shown(evening).bodies, shown(evening).tickets) == (5, 2)
    rope.scan(adult, direction="out")
    assert zones(evening)["Circle"] == (0, 0)
    assert (shown(evening).bodies, shown(evening).tickets) == (5, 2)
    assert drift() == 0


def test_gates_count_who_came_and_went_now(evening: Evening) -> None:
    south, north, crew = evening.phone("South"), evening.phone("North"), evening.code("Crew")
    south.scan(crew)
    north.scan(crew, direction="out")
    north.scan(evening.code())
    gates = {gate.name: (gate.entries, gate.exits, sum(gate.minutes)) for gate in shown(evening).gates}
    assert gates == {"South": (1, 0, 1), "North": (1, 1, 1), "Rope": (0, 0, 0)}
    assert sum(shown(evening).minutes) == 2


def test_what_exits_cannot_explain_is_shown_and_never_below_zero(evening: Evening) -> None:
    phone = evening.phone()
    for code in (evening.code(), evening.code()):
        assert phone.scan(code, direction="out")["verdict"] == "not_inside"
    found = shown(evening)
    assert (found.bodies, found.tickets, found.unexplained, found.uncertainty) == (0, 0, 2, 2)
    assert min(zone.bodies for zone in found.zones) == 0


def test_the_version_rises_with_every_change_even_where_numbers_fall(evening: Evening) -> None:
    phone, crew, adult = evening.phone(), evening.code("Crew"), evening.code()
    versions = [shown(evening).version]

    def noted() -> None:
        versions.append(shown(evening).version)

    phone.scan(crew)
    noted()
    phone.scan(crew, direction="out")
    noted()
    first = phone.scan(adult)
    noted()
    with evening.house.scope("gate_supervisor"):
        undo(rows(Scan).get(first["scan_id"]), "wrong queue")
        commit()
    noted()
    with evening.house.scope("manager"):
        phone.scan(crew)
        noted()
        end_day(rows(Day).get(evening.day_id))
        commit()
    noted()
    assert versions == sorted(set(versions))


def test_after_undo_override_and_the_days_end_counters_equal_the_rows(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code()
    first, second = phone.scan(code), phone.scan(code)
    phone.scan(evening.code("Family"), bodies=3)
    with evening.house.scope("gate_supervisor"):
        override(rows(Scan).get(second["scan_id"]), "a child without a ticket")
        commit()
    assert (shown(evening).bodies, shown(evening).tickets, drift()) == (5, 2, 0)
    with evening.house.scope("gate_supervisor"):
        undo(rows(Scan).get(first["scan_id"]), "wrong queue")
        commit()
    assert (shown(evening).bodies, shown(evening).tickets, drift()) == (4, 2, 0)
    with evening.house.scope("manager"):
        end_day(rows(Day).get(evening.day_id))
        commit()
    assert (shown(evening).bodies, shown(evening).tickets, drift()) == (0, 0, 0)


def test_a_counter_that_drifts_is_found(evening: Evening, database: Database) -> None:
    """Negative control: the recount notices each one that is wrong."""
    evening.phone().scan(evening.code())
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        for column in map(sql.Identifier, ("bodies", "tickets", "holders")):
            assert drift() == 0
            connection.execute(sql.SQL("UPDATE minute_count SET {0} = {0} + 1").format(column))
            assert drift() == 1
            connection.execute(sql.SQL("UPDATE minute_count SET {0} = {0} - 1").format(column))


def test_the_api_says_what_the_page_says(evening: Evening) -> None:
    phone = evening.phone()
    phone.scan(evening.code("Family"))
    status, said = read(phone, evening.event_id)
    found = shown(evening)
    assert status == 200
    assert (said["bodies"], said["tickets"], said["version"]) == (found.bodies, found.tickets, found.version) == (
        4, 1, found.version,
    )  # fmt: skip
    assert said["capacity"] == found.capacity


def test_another_event_or_organization_sees_nothing(app: Flask, personas: Personas, evening: Evening) -> None:
    beside = put_on(app, personas.home, name="Beside").phone()
    foreign = put_on(app, personas.abroad).phone()
    assert [read(phone, evening.event_id)[0] for phone in (beside, foreign)] == [404, 404]


def test_an_event_without_a_day_has_no_figure(evening: Evening) -> None:
    with evening.house.scope("manager"):
        bare = Event(venue_id=rows(Venue).one().id, name="Not planned yet")
        db.session.add(bare)
        db.session.flush()
        assert figure(bare) is None
