"""What the rows say does not depend on the order, the splitting or the repetition of what the phones send (G4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import func, select

from tests.conftest import Database
from tests.scanning.evening import Evening
from voelgoed.foundation.boundary import commit, rollback
from voelgoed.foundation.checks import checkers
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows, skip_tenant_rule
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.occupancy.figure import bodies_of
from voelgoed.occupancy.minute import MinuteCount
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.asked import Asked
from voelgoed.scanning.conflict import Conflict
from voelgoed.scanning.process_scan import process_scan
from voelgoed.scanning.scan import Scan
from voelgoed.selling.void import void_ticket
from voelgoed.ticketing.ticket import Ticket

Copies = dict[UUID, int]


def violations() -> dict[str, int]:
    """Return the gate's checkers that found something."""
    with skip_tenant_rule(reason="an order was tried") as session:
        counts = {one.code: one.count(session) for one in checkers() if one.code.startswith("G")}
    return {code: count for code, count in counts.items() if count}


def send(evening: Evening, scans: Sequence[Asked]) -> list[str]:
    """Judge one batch and commit it."""
    with evening.house.scope():
        said = [one.refusal or one.verdict for one in process_scan(scans)]
        commit()
    return said


def history(evening: Evening, chance: Random, tokens: Sequence[str], started: datetime) -> list[Asked]:
    """Return what four phones without network recorded of six tickets: each let in and out whom it saw."""
    tickets = [one for name in ("Adult", "Adult", "Crew", "Crew", "Family", "Family") for one in evening.tickets(name)]
    scans = []
    for minute in range(36):
        phone = chance.randrange(len(tokens))
        way = chance.choice(("in", "in", "out"))
        scans.append(
            Asked(
                token_hash=hash_secret(tokens[phone]),
                scan_id=uuid4(),
                sequence=minute + 1,
                direction="in" if way == "in" else "out",
                scanned_at=started + timedelta(minutes=chance.randrange(30), seconds=phone),
                code=chance.choice(tickets)[1],
                bodies=chance.choice((1, 1, 2)),
                batch_id=uuid4(),
                offline_verdict=chance.choice(("offline_admitted",) * 4 + ("duplicate",)) if way == "in" else "exited",
                clock_offset_ms=chance.choice((0, 1500)) * phone,
            )
        )
    return scans


def record(evening: Evening, names: dict[UUID, int]) -> dict[str, Any]:
    """Return admissions, conflicts and counters, with scans by their place in the history."""
    with evening.house.scope():
        stays = sorted(
            (names[row.scan_id], row.pass_number, row.entry_number, row.move_number, row.opened_at, row.closed_at,
             row.cause, names.get(row.closing_scan_id or row.id), str(row.zone_id))
            for row in rows(Admission)
        )  # fmt: skip
        conflicts = sorted((names[row.scan_id], row.kind) for row in rows(Conflict) if not row.dissolved)
        sums = func.sum(MinuteCount.bodies), func.sum(MinuteCount.tickets), func.sum(MinuteCount.holders)
        grouped = (MinuteCount.gate_id, MinuteCount.direction, MinuteCount.minute)
        counted = sorted(
            (str(gate), way, minute, *map(int, values))
            for gate, way, minute, *values in db.session.execute(select(*grouped, *sums).group_by(*grouped))
            if any(values)
        )
    return {"stays": stays, "conflicts": conflicts, "counted": counted}


def clear(database: Database) -> None:
    """Empty what was scanned, so that the same facts can come in another order."""
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in ("conflict", "admission", "minute_count", "scan"):
            connection.execute(f"DELETE FROM {table}")


def records(evening: Evening, database: Database, seed: int, judged_on_phones: bool = True) -> list[dict[str, Any]]:
    """Send one history three times, each in another order and otherwise split; return what the rows said."""
    chance, started = Random(seed), now() - timedelta(minutes=40)
    phones = [evening.phone(gate) for gate in ("South", "North", "South", "Rope")]
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("UPDATE device SET created_at = created_at - interval '1 hour'")
    scans = history(evening, chance, [phone.token for phone in phones], started)
    if not judged_on_phones:
        scans = [replace(one, offline_verdict=None) for one in scans]
    names = {one.scan_id: number for number, one in enumerate(scans)}
    seen = []
    for size in (1, 5, len(scans)):
        chance.shuffle(scans)
        batches = [scans[at : at + size] for at in range(0, len(scans), size)]
        batches.insert(chance.randrange(len(batches) + 1), scans[:7])
        for batch in batches:
            assert "sequence_conflict" not in send(evening, batch)
        assert not judged_on_phones or violations() == {}
        seen.append(record(evening, names))
        clear(database)
    return seen


@pytest.mark.parametrize("seed", range(4))
def test_any_order_splitting_and_repetition_gives_one_record(evening: Evening, database: Database, seed: int) -> None:
    one, two, three = records(evening, database, seed)
    assert one == two == three
    assert one["stays"]
    assert one["conflicts"]


def test_judged_as_they_come_the_order_would_matter(evening: Evening, database: Database) -> None:
    """Negative control: what the comparison finds when the server judges offline scans anew."""
    one, two, _ = records(evening, database, 0, judged_on_phones=False)
    assert one != two


def test_two_phones_without_network_admit_a_copy_and_one_conflict_names_both(evening: Evening) -> None:
    south, north, code = evening.phone("South"), evening.phone("North"), evening.code()
    made = now()
    scans = [
        Asked(hash_secret(phone.token), uuid4(), 1, "in", made + timedelta(milliseconds=at), code=code,
              batch_id=uuid4(), offline_verdict="offline_admitted")
        for at, phone in enumerate((south, north))
    ]  # fmt: skip
    assert send(evening, scans[1:]) == send(evening, scans[:1]) == ["offline_admitted"]
    with evening.house.scope():
        assert [row.scan_id for row in rows(Admission)] == [scans[0].scan_id]
        conflict = rows(Conflict).one()
        assert conflict.scan_id == scans[1].scan_id
        assert conflict.evidence["admitted_by"] == [str(south.id)]
        assert bodies_of(evening.day_id)[evening.zones["Lawn"]] == 2
    assert violations() == {}


def test_a_phone_cannot_let_in_what_is_no_ticket(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code()
    forged = code[:-20] + ("A" if code[-20] != "A" else "B") + code[-19:]
    offline = Asked(hash_secret(phone.token), uuid4(), 1, "in", now(), batch_id=uuid4(), offline_verdict="admitted")
    said = [
        send(evening, [replace(offline, scan_id=uuid4(), sequence=number, code=one)])
        for number, one in enumerate((forged, "hello"))
    ]
    assert said == [["forged"], ["unknown_code"]]


def test_scans_judged_together_are_folded_in_the_order_in_which_they_were_judged(evening: Evening) -> None:
    """In by one phone and out by another, in one list: folding again says the same."""
    phones = sorted((evening.phone() for _ in range(2)), key=lambda one: one.id, reverse=True)
    code = evening.code("Crew")
    ways: Any = ("in", "out")
    scans = [
        Asked(hash_secret(phone.token), uuid4(), 1, way, now(), code=code)
        for phone, way in zip(phones, ways, strict=True)
    ]
    assert send(evening, scans) == ["admitted", "exited"]
    assert violations() == {}


def test_the_same_scan_twice_in_one_list_has_one_answer(evening: Evening) -> None:
    phone, code = evening.phone(), evening.code()
    one = Asked(hash_secret(phone.token), uuid4(), 1, "in", now(), code=code)
    assert send(evening, [one, one]) == ["admitted", "admitted"]
    assert send(evening, [one, replace(one, direction="out")]) == ["admitted", "sequence_conflict"]
    with evening.house.scope():
        assert rows(Scan).count() == rows(Admission).count() == 1
        rollback()


def test_who_moves_on_inside_a_full_place_is_not_refused(evening: Evening, database: Database) -> None:
    codes = [evening.code() for _ in range(2)]
    assert [evening.phone("South").scan(code)["verdict"] for code in codes] == ["admitted"] * 2
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # it is smaller than what was sold for it
        connection.execute("UPDATE zone SET capacity = 2 WHERE name = 'Grounds'")
    assert evening.phone("Rope").scan(codes[0])["verdict"] == "admitted"
    assert evening.phone("South").scan(evening.code())["verdict"] == "zone_full"


def test_who_came_together_leaves_in_the_order_of_the_passes(evening: Evening, database: Database) -> None:
    """Rows that have one time come back in any order: what is written then is still the fold of the facts."""
    phone, code = evening.phone(), evening.code("Family")
    assert phone.scan(code)["verdict"] == "admitted"
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # the first lies last in the table from now on
        connection.execute("UPDATE admission SET updated_at = now() WHERE pass_number = 1")
    assert phone.scan(code, direction="out", bodies=1)["verdict"] == "exited"
    with evening.house.scope():
        assert rows(Admission).filter(Admission.closed_at.is_not(None)).one().pass_number == 1
    assert violations() == {}


def test_who_is_inside_when_the_ticket_is_voided_still_leaves_by_every_gate(evening: Evening) -> None:
    ticket_id, code = evening.tickets("Crew")[0]
    south, rope = evening.phone("South"), evening.phone("Rope")
    assert [one.scan(code)["verdict"] for one in (south, rope)] == ["admitted"] * 2
    with evening.house.scope("manager"):
        void_ticket(rows(Ticket).get(ticket_id), "charged back", limited=False)
        commit()
    assert rope.scan(code, direction="out")["verdict"] == "exited"
    assert south.scan(code)["verdict"] == "void"
    assert south.scan(code, direction="out")["verdict"] == "exited"
    assert violations() == {}
