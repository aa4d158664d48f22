"""A day's end closes all who are inside, once, however many they are, and the record stays the fold of its facts."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from flask import Flask
from sqlalchemy import select

from tests.conftest import Database
from tests.personas import Personas
from tests.scanning.evening import Evening, put_on
from tests.scanning.truth import untrue
from tests.sent import sent
from voelgoed.catalog.event import Day
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.day_end import DayEnd
from voelgoed.scanning.decide import end_day, override, undo
from voelgoed.scanning.scan import Scan


def end(evening: Evening) -> DayEnd | None:
    """End the day, as the job does."""
    with evening.house.scope("manager"):
        fact = end_day(rows(Day).get(evening.day_id))
        commit()
        return fact


def causes(evening: Evening) -> list[str | None]:
    """Return why each admission was closed."""
    with evening.house.scope():
        return sorted(db.session.scalars(select(Admission.cause)), key=str)


def statements(deed: Callable[[], object]) -> int:
    """Count the statements of a deed."""
    with sent() as said:
        deed()
    return len(said)


def crowd(evening: Evening, groups: int) -> None:
    """Let groups in: families apart in two zones, single ones who leave and come again."""
    south, rope = evening.phone(), evening.phone("Rope")
    for _ in range(groups):
        family, crew = evening.code("Family"), evening.code("Crew")
        south.scan(family, bodies=2)
        south.scan(family, bodies=1)
        rope.scan(family, bodies=1)
        for way in ("in", "out", "in"):
            south.scan(crew, direction=way)


def test_everybody_is_closed_once_and_rows_and_counters_are_the_fold(evening: Evening) -> None:
    crowd(evening, 2)
    assert untrue(evening.house) == []
    assert end(evening) is not None
    assert causes(evening) == ["day_end"] * 8 + ["exited"] * 2 + ["moved"] * 2
    assert untrue(evening.house) == []
    assert end(evening) is None
    assert untrue(evening.house) == []


def test_what_is_decided_after_the_end_still_folds_into_the_same_record(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code()
    first, refused = phone.scan(code), phone.scan(code)
    crowd(evening, 1)
    end(evening)
    with evening.house.scope("gate_supervisor"):
        undo(rows(Scan).get(first["scan_id"]), "wrong queue")
        override(rows(Scan).get(refused["scan_id"]), "still here")
        commit()
    assert untrue(evening.house) == []


def test_it_takes_as_many_statements_for_many_as_for_few(app: Flask, personas: Personas) -> None:
    few, many = put_on(app, personas.home, name="Few"), put_on(app, personas.home, name="Many")
    crowd(few, 1)
    crowd(many, 5)
    assert statements(lambda: end(few)) == statements(lambda: end(many))
    assert untrue(personas.home) == []


def test_another_house_stays_as_it_is(app: Flask, evening: Evening, personas: Personas) -> None:
    other = put_on(app, personas.abroad)
    other.phone().scan(other.code())
    evening.phone().scan(evening.code())
    end(evening)
    assert causes(evening) == ["day_end"]
    assert causes(other) == [None]


def test_the_truth_notices_a_row_that_differs(evening: Evening, database: Database) -> None:
    """Negative control: a counter, then an admission."""
    crowd(evening, 1)
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("UPDATE minute_count SET tickets = tickets + 1 WHERE direction = 'out'")
        assert len(untrue(evening.house)) == 1
        connection.execute("UPDATE admission SET closed_at = now(), cause = 'exited' WHERE closed_at IS NULL")
        assert len(untrue(evening.house)) == 2
