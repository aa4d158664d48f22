"""Almost right codes and bodies: `forged`, `unknown_code` or a clear 4xx, never a failure, never a hint.

A thousand each time, ten thousand with `-m deep`, all drawn from seeds.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.personas import Personas
from tests.scanning.evening import Evening, Phone, put_on
from tests.scanning.mutants import bent, fresh, mutated, with_ticket, written
from tests.scanning.test_batches import get, post, work
from tests.scanning.test_order import violations
from voelgoed.foundation.clock import now
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.asked import Asked
from voelgoed.scanning.desk import judge_now
from voelgoed.ticketing.code import Read

SEED = 11
REFUSED = {"forged", "unknown_code"}
PLAIN = {"message", "ticket", "previous"}


def lists(evening: Evening, phone: Phone, codes: list[str]) -> Counter[str]:
    """Judge codes in lists, as a batch does; count the verdicts, and see that nothing is said besides."""
    found: Counter[str] = Counter()
    token_hash = hash_secret(phone.token)
    for at in range(0, len(codes), 250):
        asked = [Asked(token_hash, uuid4(), next(phone.numbers), "in", now(), code=one) for one in codes[at : at + 250]]
        with evening.house.scope():
            judged = judge_now(asked)
            # Nothing is kept: a list that was judged is as if it had never been asked.
        assert all(set(one.said) == PLAIN and one.said["ticket"] is one.said["previous"] is None for one in judged)
        found.update(one.verdict for one in judged)
    return found


def singles(phone: Phone, chance: Random, body: dict[str, Any], count: int) -> Counter[int]:
    """Send bent bodies of single scans; count the statuses."""
    found: Counter[int] = Counter()
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
    for _ in range(count):
        sent = written(chance, bent(chance, fresh(body, next(phone.numbers))))
        answer = phone.client.post("/api/v1/scans", data=sent, headers=headers)
        assert answer.status_code < 500, (sent, answer.text)
        if answer.status_code != 200:
            assert answer.json["status"] == answer.status_code
            assert "Traceback" not in answer.text
        found[answer.status_code] += 1
    return found


def batches(evening: Evening, phone: Phone, chance: Random, body: dict[str, Any], count: int) -> Counter[str]:
    """Hand in batches of bent scans, some in bent envelopes, and have them judged; count what became of each scan."""
    found: Counter[str] = Counter()
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
    for _ in range(count // 25):
        scans = [bent(chance, fresh(body, next(phone.numbers))) for _ in range(25)]
        envelope = bent(chance, {"batch_id": str(uuid4()), "scans": scans})
        odd = phone.client.post("/api/v1/scan-batches", data=written(chance, envelope), headers=headers)
        assert odd.status_code < 500, (envelope, odd.text)
        taken = post(phone, scans)
        assert taken.status_code == 202, taken.text
        work(evening)
        said = get(phone, taken.json["batch_id"]).json
        assert (said["status"], len(said["results"])) == ("done", 25)
        found.update(one.get("rejected") or one["verdict"] for one in said["results"])
    return found


def everything(evening: Evening, personas: Personas, count: int) -> None:
    """Fuzz codes, single scans and batches, so many of each in turn, then look at what must hold."""
    chance, phone = Random(SEED), evening.phone()
    other, abroad = put_on(evening.app, personas.home, name="Another"), put_on(evening.app, personas.abroad)
    known = [evening.code(), evening.code("Family"), other.code(), abroad.code()]
    mutants = [mutated(chance, chance.choice(known)) for _ in range(8 * count)]
    found = lists(evening, phone, [one for one in mutants if "\0" not in one])  # which no body may hold
    assert set(found) == REFUSED
    body = phone.body(mutated(chance, known[0]), bodies=1, gate_id=str(evening.gates["South"]), direction="in")
    statuses = singles(phone, chance, body, count)
    assert set(statuses) <= {200, 400, 409, 413, 422}
    assert min(statuses[200], statuses[400], statuses[422]) > 0
    judged = batches(evening, phone, chance, {**body, "offline_verdict": "offline_admitted"}, count)
    assert set(judged) <= REFUSED | {"malformed", "sequence_conflict", "unreadable"}
    assert min(judged["malformed"], judged["forged"] + judged["unknown_code"]) > 0
    with evening.house.scope():
        assert rows(Admission).count() == 0
    assert violations() == {}


def test_a_thousand_mutants_open_nothing_and_break_nothing(evening: Evening, personas: Personas) -> None:
    everything(evening, personas, 100)


@pytest.mark.deep
def test_ten_thousand_mutants_open_nothing_and_break_nothing(evening: Evening, personas: Personas) -> None:
    everything(evening, personas, 1000)


def answered(phone: Phone, code: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return all that an answer shows, but for what names this one scan and time."""
    body = phone.body(code)
    answer = phone.send(body)
    own = ("X-Request-ID", "Date")
    headers = sorted((name, value) for name, value in answer.headers if name not in own)
    return answer.status_code, headers, answer.data.replace(body["scan_id"].encode(), b"")


def test_a_forged_code_says_nothing_about_the_ticket_that_it_names(evening: Evening) -> None:
    """Sold, let in, void or never there: byte by byte one answer."""
    phone, code = evening.phone(), evening.code()
    (inside, inside_code), (sold, _) = evening.tickets(quantity=2)
    assert phone.scan(inside_code)["verdict"] == "admitted"
    said = [answered(phone, with_ticket(code, one)) for one in (sold, inside, uuid4(), UUID(int=0))]
    assert b'"forged"' in said[0][2]
    assert all(one == said[0] for one in said)


def test_another_organizations_tickets_look_like_noise(app: Flask, evening: Evening, personas: Personas) -> None:
    stranger, code = put_on(app, personas.abroad).phone(), evening.code()
    evening.phone().scan(code)
    chance = Random(SEED)
    noise = [answered(stranger, one) for one in (code, evening.code(), with_ticket(code, uuid4()), "hello", "V" * 153)]
    assert b'"unknown_code"' in noise[0][2]
    assert all(one == noise[0] for one in noise)
    assert all(answered(stranger, mutated(chance, code)) == noise[0] for _ in range(20))


def test_without_signatures_mutants_would_open_the_gate(
    evening: Evening, personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: nobody checks signatures."""
    monkeypatch.setattr(Read, "genuine", lambda _self, _key: True)
    with pytest.raises(AssertionError):
        everything(evening, personas, 100)
