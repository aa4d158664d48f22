"""A zone never holds more than its number: groups whole, who moves on is not counted twice, old figures do no harm."""

from __future__ import annotations

import time
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.personas import Personas
from tests.scanning.evening import Evening, put_on
from tests.scanning.truth import untrue
from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import Pool
from voelgoed.catalog.venue import Zone
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.points import armed
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.occupancy.figure import figure
from voelgoed.scanning import capacity
from voelgoed.scanning.asked import Asked
from voelgoed.scanning.desk import judge_now


def bodies(evening: Evening) -> dict[str, int]:
    """Return bodies by zone."""
    with evening.house.scope():
        found = figure(rows(Event).get(evening.event_id))
        assert found is not None
        return {zone.name: zone.bodies for zone in found.zones}


def judge(evening: Evening, codes: list[str]) -> list[str]:
    """Have codes judged as one list."""
    token = hash_secret(evening.phone().token)
    with evening.house.scope():
        asked = [Asked(token, uuid4(), number, "in", now(), code=code) for number, code in enumerate(codes, 1)]
        said = [one.verdict for one in judge_now(asked)]
        commit()
        return said


def number(evening: Evening, zone: str, certified: int) -> None:
    """Set a zone's certified number; the pools must not promise more."""
    with evening.house.scope("manager"):
        for pool in rows(Pool):
            pool.capacity = 1
        db.session.flush()
        rows(Zone).get(evening.zones[zone]).capacity = certified
        commit()


def test_a_group_that_does_not_fit_waits_outside_as_a_whole(app: Flask, personas: Personas) -> None:
    small = put_on(app, personas.home, capacity=6, name="Small")
    phone, late = small.phone(), small.code("Family")
    assert phone.scan(small.code("Family"))["verdict"] == "admitted"
    assert phone.scan(late)["verdict"] == "zone_full"
    assert bodies(small)["Lawn"] == 4
    assert phone.scan(late, bodies=2)["ticket"]["inside"] == 2
    assert phone.scan(small.code())["verdict"] == "zone_full"
    assert bodies(small)["Lawn"] == 6
    assert untrue(small.house) == []


def test_a_group_passes_on_as_a_whole_unless_it_says_otherwise(evening: Evening) -> None:
    south, rope = evening.phone(), evening.phone("Rope")
    one, other = evening.code("Family"), evening.code("Family")
    south.scan(one)
    assert rope.scan(one)["ticket"]["taken"] == 4
    south.scan(other)
    assert rope.scan(other, bodies=1)["ticket"]["taken"] == 1
    assert bodies(evening) == {"Grounds": 8, "Lawn": 3, "Circle": 5}
    assert rope.scan(one, direction="out")["ticket"]["taken"] == 4
    assert bodies(evening) == {"Grounds": 8, "Lawn": 7, "Circle": 1}
    assert untrue(evening.house) == []


def test_who_moves_on_is_inside_the_zones_around_already(evening: Evening) -> None:
    """A full park lets people pass from its lawn into its circle, and the circle has a number of its own."""
    south, rope = evening.phone(), evening.phone("Rope")
    codes = [evening.code() for _ in range(3)]
    for code in codes:
        south.scan(code)
    number(evening, "Grounds", 3)
    number(evening, "Circle", 2)
    assert south.scan(evening.code())["verdict"] == "zone_full"
    assert [rope.scan(code)["verdict"] for code in codes] == ["admitted", "admitted", "zone_full"]
    assert bodies(evening) == {"Grounds": 3, "Lawn": 1, "Circle": 2}


def test_a_figure_known_from_before_lets_nobody_in_above_the_number(app: Flask, personas: Personas) -> None:
    evening = put_on(app, personas.home, capacity=300, name="Nearly full")
    assert set(judge(evening, [code for _, code in evening.tickets("Family", 74)])) == {"admitted"}
    # Another process has let them in: this one still believes that the lawn is empty.
    capacity._seen[evening.house.organization_id, evening.day_id] = (time.monotonic(), {})
    said = judge(evening, [code for _, code in evening.tickets(quantity=6)])
    assert said == ["admitted"] * 4 + ["zone_full"] * 2
    assert bodies(evening)["Lawn"] == 300


def test_without_counting_under_the_lock_it_would(
    app: Flask, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: with the old figure believed, the same scans fill the zone above its number."""
    evening = put_on(app, personas.home, capacity=300, name="Nearly full")
    judge(evening, [code for _, code in evening.tickets("Family", 74)])
    nobody: dict[UUID, int] = {}
    capacity._seen[evening.house.organization_id, evening.day_id] = (time.monotonic(), nobody)
    monkeypatch.setattr(capacity, "_count", lambda *_: nobody)
    assert judge(evening, [code for _, code in evening.tickets(quantity=6)]) == ["admitted"] * 6
    assert bodies(evening)["Lawn"] == 302


def slowly(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Judge two scans for a wide zone that fills up, but for one, between judging and writing."""
    key = (evening.house.organization_id, evening.day_id)
    nearly = {evening.zones[zone]: 4999 for zone in ("Grounds", "Lawn")}

    def count(*_: object) -> dict[UUID, int]:
        capacity._seen[key] = (time.monotonic(), nearly)
        return nearly

    def grow_old() -> None:
        at, known = capacity._seen[key]
        capacity._seen[key] = (at - 2 * capacity.FRESH_SECONDS, known)

    monkeypatch.setattr(capacity, "_count", count)
    monkeypatch.setattr(capacity, "FRESH_SECONDS", 60.0)
    capacity._seen[key] = (time.monotonic(), {})
    with armed("scan.written", grow_old):
        return judge(evening, [code for _, code in evening.tickets(quantity=2)])


def test_a_zone_that_was_wide_is_counted_again_when_writing_took_long(
    app: Flask, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = put_on(app, personas.home, capacity=5000, name="Wide")
    assert slowly(evening, monkeypatch) == ["admitted", "zone_full"]


def test_without_counting_after_writing_it_would_take_one_too_many(
    app: Flask, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the locks that were taken while writing prove nothing by themselves."""
    evening = put_on(app, personas.home, capacity=5000, name="Wide")
    monkeypatch.setattr(capacity, "confirm", lambda _found: None)
    assert slowly(evening, monkeypatch) == ["admitted"] * 2
