"""Conflicts as supervisors see and close them: evidence side by side, one cause at a time, a reason always."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.personas import Personas
from tests.scanning.evening import Evening, put_on
from tests.scanning.test_batches import offline, post, sent, work
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.tenancy import rows
from voelgoed.scanning.batch import BatchDecision, ScanBatch
from voelgoed.scanning.conflict import Conflict, ConflictClosure
from voelgoed.scanning.device import Device
from voelgoed.scanning.pair import retire


@pytest.fixture
def evening(app: Flask, personas: Personas) -> Evening:
    return put_on(app, personas.home)


def url(evening: Evening, rest: str = "conflicts") -> str:
    return f"/{evening.house.slug}/events/{evening.event_id}/{rest}"


def contradict(evening: Evening, tickets: int) -> None:
    """Let two phones without network let in the same tickets."""
    south, north = evening.phone("South"), evening.phone("North")
    codes = [evening.code() for _ in range(tickets)]
    sent(evening, south, [offline(south, code) for code in codes])
    sent(evening, north, [offline(north, code, staff_number="S-7") for code in codes])


def ids(evening: Evening) -> list[str]:
    with evening.house.scope():
        return [str(row.id) for row in rows(Conflict).order_by(Conflict.id)]


def test_evidence_stands_side_by_side_and_one_cause_is_closed_at_once(evening: Evening, personas: Personas) -> None:
    contradict(evening, 3)
    supervisor = personas.client("gate_supervisor")
    shown = supervisor.get(url(evening)).text
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))
    assert "3 tickets let in by phone at South, then again by phone at North" in words
    assert words.count("Its own clock") == words.count("Corrected") == words.count("Came here") == 6
    assert words.count("steward S-7") == 3
    assert "3 conflicts" in supervisor.get(url(evening, "live")).text

    bare = supervisor.post(url(evening, "conflict-closures"), data={"conflict": ids(evening)})
    assert (bare.status_code, "This is needed." in bare.text) == (422, True)
    done = supervisor.post(url(evening, "conflict-closures"), data={"conflict": ids(evening), "reason": "twins"})
    assert done.status_code == 303
    after = supervisor.get(url(evening)).text
    assert "Nothing contradicts" in after
    assert after.count("twins") == 3
    with evening.house.scope():
        assert {row.reason for row in rows(ConflictClosure)} == {"twins"}
    again = supervisor.post(url(evening, "conflict-closures"), data={"conflict": ids(evening), "reason": "again"})
    assert (again.status_code, "Nothing is open any more" in again.text) == (409, True)


def test_what_later_scans_explain_stays_listed_and_cannot_be_closed(evening: Evening, personas: Personas) -> None:
    south, north, code = evening.phone("South"), evening.phone("North"), evening.code("Crew")
    first = offline(south, code)
    left, back = offline(south, code, "exited", direction="out"), offline(north, code)
    sent(evening, south, [first])
    assert sent(evening, north, [back])["conflicts"] == 1
    sent(evening, south, [left])  # out before the other let in: nothing contradicts any more
    shown = personas.client("gate_supervisor").get(url(evening)).text
    assert "Nothing contradicts" in shown
    assert "dissolved" in shown
    refused = personas.client("gate_supervisor").post(
        url(evening, "conflict-closures"), data={"conflict": ids(evening), "reason": "because"}
    )
    assert refused.status_code == 409
    with evening.house.scope():
        assert rows(ConflictClosure).count() == 0


@pytest.mark.parametrize(("counts", "state"), [("true", "done"), ("false", "refused")])
def test_late_scans_wait_for_a_person(evening: Evening, personas: Personas, counts: str, state: str) -> None:
    phone = evening.phone()
    body = offline(phone, evening.code())
    with evening.house.scope("gate_supervisor"):
        retire(rows(Device).get(phone.id), lost=True)
        commit()
    post(phone, [body])
    with evening.house.scope():
        batch_id = rows(ScanBatch).one().id
    supervisor = personas.client("gate_supervisor")
    assert "1 batch of late scans" in supervisor.get(url(evening, "live")).text
    shown = supervisor.get(url(evening)).text
    assert "1 scan, came" in re.sub(r"\s+", " ", shown)
    where = url(evening, f"late-scans/{batch_id}/decisions")
    assert supervisor.post(where, data={"counts": counts}).status_code == 422
    assert supervisor.post(where, data={"counts": counts, "reason": "seen by me"}).status_code == 303
    assert supervisor.post(where, data={"counts": counts, "reason": "again"}).status_code == 409
    work(evening)
    with evening.house.scope():
        assert (rows(ScanBatch).one().state, rows(BatchDecision).one().reason) == (state, "seen by me")


def test_outsiders_and_lesser_roles(evening: Evening, personas: Personas) -> None:
    contradict(evening, 1)
    data: Any = {"conflict": ids(evening), "reason": "because"}
    late: Any = {"counts": "true", "reason": "because"}
    for path, sent_data in (("conflict-closures", data), (f"late-scans/{uuid4()}/decisions", late)):
        assert personas.client("auditor").post(url(evening, path), data=sent_data).status_code == 403
        assert personas.client("box_office").post(url(evening, path), data=sent_data).status_code == 403
        assert personas.outsider().post(url(evening, path), data=sent_data).status_code == 404
    assert personas.client("auditor").get(url(evening)).status_code == 200
    assert personas.client("box_office").get(url(evening)).status_code == 403
    assert personas.outsider().get(url(evening)).status_code == 404
    with evening.house.scope():
        assert rows(ConflictClosure).count() == 0
