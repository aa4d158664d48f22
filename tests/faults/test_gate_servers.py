"""Kill -9 of what the stack is made of, amid scans and batches: no answer is taken back, nobody comes in twice.

Web, worker, PostgreSQL and Valkey (which forgets everything, or is told to) take turns, fifty rounds of a second. Every
ten rounds, within a minute of the clock of what waits, all batches are judged and every checker of the gate is clean.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg
import pytest
from redis import Redis

from tests.conftest import roomy_folder
from tests.faults.patrons import Answers, at_once
from tests.faults.phones import FarPhone
from tests.faults.stack import Stack, stacked
from tests.faults.stage import BOUND, ROUND, pass_by, violations
from tests.foundation.embedded.living import until
from tests.scanning.evening import Evening, put_on
from voelgoed.foundation.outbox import sweep_once

ROUNDS = int(os.environ.get("VOELGOED_GATE_KILL_ROUNDS", "50"))
VICTIMS = ("web", "worker", "postgres", "valkey", "flush")
SEED, TOGETHER = 5, 10
PHONES, TICKETS = 4, 6
"""So many phones scan so many tickets in a round, all of them the same."""
STRIKES = range(2, PHONES * TICKETS - 4)
QUIET = 20.0  # seconds of real time that the worker has on a busy machine to do what is due
WAITS = "SELECT count(*) FROM outbox_row WHERE done_at IS NULL AND due_at <= now()"
OPEN = "SELECT batch_key, state, judged FROM scan_batch WHERE state <> 'done'"
LEFT = (
    "SELECT task, due_at - now(), enqueued_at - now(), claimed_until - now(), attempts, last_error, done_at"
    " FROM outbox_row WHERE done_at IS NULL OR subject_id IN (SELECT id FROM scan_batch WHERE state <> 'done')"
)
WRITTEN = "SELECT id::text, verdict FROM scan WHERE id = ANY(%s::uuid[])"


class Gate:
    """An event on the stack: its phones, and all that they were answered."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.answers = stack, Answers()
        self.evening: Evening = put_on(stack.app, stack.personas.home, capacity=5000)
        with psycopg.connect(stack.database.url("postgres"), autocommit=True) as admin:
            admin.execute("UPDATE pool SET capacity = 1000")
        tokens = [self.evening.phone().token for _ in range(PHONES)]
        self.phones = [FarPhone(stack.web, token, self.answers) for token in tokens]
        quantity = 2 * TICKETS * ROUNDS + TICKETS
        self.codes = iter([code for _, code in self.evening.tickets(quantity=quantity)])

    def some(self) -> list[str]:
        """Return tickets that nobody has scanned."""
        return [next(self.codes) for _ in range(TICKETS)]

    def deeds(self, chance: random.Random) -> list[Callable[[], Any]]:
        """Return a round: all phones scan the same tickets, each in its own order; two hand the same others in."""
        online, offline = self.some(), self.some()
        scans = [partial(phone.scan, chance.sample(online, TICKETS)) for phone in self.phones]
        batches = [partial(self.phones[0].hand_in, offline), partial(self.phones[1].hand_in, offline[:2] + online[:1])]
        return [*batches, *scans]


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    with (
        roomy_folder(tmp_path_factory.mktemp("stack")) as folder,
        stacked(Path(folder), queues=("offline_sync",)) as stack,
    ):
        yield Gate(stack)


def asked(stack: Stack, statement: str, *given: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(stack.database.url("postgres"), autocommit=True) as connection:
        return connection.execute(statement, given).fetchall()


def strike(gate: Gate, victim: str, after: int) -> None:
    """Wait for so many answers, then kill, or empty the cache."""
    gate.answers.wait_for(after)
    if victim == "flush":
        Redis.from_url(gate.stack.valkey.url).flushall()
    else:
        gate.stack.kill(victim)


def quiet(stack: Stack) -> bool:
    """Wait a little for the worker; say whether all batches are judged and nothing is left to do."""
    try:
        until(lambda: asked(stack, WAITS) == [(0,)] and not asked(stack, OPEN), QUIET)
    except AssertionError:
        return False
    return True


def heal(gate: Gate) -> None:
    """Let a minute pass at most, with the stack's own worker."""
    gate.stack.forget_connections()
    passed = 0.0
    while not quiet(gate.stack):
        assert passed < BOUND, (
            f"not settled within {BOUND:g} s: {asked(gate.stack, OPEN)}, {asked(gate.stack, LEFT)},"
            f" {gate.stack.processes('worker')}, {gate.stack.logs()['worker.log'][-2000:]}"
        )
        pass_by(gate.stack.database, ROUND)
        sweep_once()
        passed += ROUND


def check(gate: Gate) -> None:
    """Each answer stands as it was given, each batch is written down, each ticket came in once, all checkers agree."""
    said = {key: verdict for phone in gate.phones for key, (_, verdict) in phone.said.items()}
    assert dict(asked(gate.stack, WRITTEN, list(said))) == said
    came = Counter(code for phone in gate.phones for code, verdict in phone.said.values() if verdict == "admitted")
    assert set(came.values()) <= {1}, "somebody came in twice"
    scans = [one["scan_id"] for phone in gate.phones for batch in phone.handed_in.values() for one in batch]
    assert Counter(verdict for _, verdict in asked(gate.stack, WRITTEN, scans)) == {"offline_admitted": len(scans)}
    with gate.evening.house.scope():
        assert violations("GJ") == {}


@pytest.mark.deep
def test_whatever_is_killed_at_the_gate_no_answer_is_taken_back(gate: Gate) -> None:
    chance = random.Random(SEED)
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(ROUNDS)]
    chance.shuffle(victims)
    for number, victim in enumerate(victims, start=1):
        after = gate.answers.came + chance.choice(STRIKES)
        print(f"round {number}: {victim} after {after} answers")
        at_once(gate.deeds(chance), partial(strike, gate, victim, after), many=PHONES + 2)
        if number % TOGETHER == 0 or number == ROUNDS:
            heal(gate)
            check(gate)
    assert sum(len(phone.said) for phone in gate.phones) == ROUNDS * PHONES * TICKETS
    clean = subprocess.run(
        [sys.executable, "-m", "voelgoed", "check"], env=gate.stack.environ(), capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert clean.returncode == 0, clean.stdout + clean.stderr
    _controls(gate)


def _controls(gate: Gate) -> None:
    """Negative controls: an answer that was never written down, and one of two who came in twice, are seen."""
    phone = gate.phones[0]
    for key, said in ((str(UUID(int=1)), ("a code", "admitted")), (next(iter(phone.said)), ("a code", "void"))):
        before = dict(phone.said)
        phone.said[key] = said
        with pytest.raises(AssertionError):
            check(gate)
        phone.said = before
    code, key = next((code, key) for one in gate.phones for key, (code, said) in one.said.items() if said == "admitted")
    other = next(
        key_ for one in gate.phones for key_, (code_, _) in one.said.items() if (code_, key_ != key) == (code, True)
    )
    owner = next(one for one in gate.phones if other in one.said)
    owner.said[other] = code, "admitted"
    with pytest.raises(AssertionError):
        check(gate)


@pytest.mark.deep
def test_a_web_process_that_is_told_to_end_answers_what_it_has(gate: Gate) -> None:
    """SIGTERM amid scans: each has its answer at once, and nobody has to ask again."""
    broken: list[str] = []
    for phone in gate.phones:
        phone.http.headers["Connection"] = "close"
        phone.http.event_hooks = {
            "response": [lambda said: broken.append(said.text) if said.status_code >= 500 else None]
        }
    codes, tries = gate.some() * 20, gate.answers.came

    def end() -> None:
        gate.answers.wait_for(tries + 4)
        for one in psutil.Process(gate.stack.children["web"].pid).children():
            one.send_signal(signal.SIGTERM)

    counted = [partial(counting, phone, codes) for phone in gate.phones]
    assert at_once(counted, end, many=PHONES) == [len(codes)] * PHONES
    assert broken == []


def counting(phone: FarPhone, codes: list[str]) -> int:
    """Scan, each once; say how many were answered: one that broke off raises."""
    for code in codes:
        assert phone.http.post("/scans", json=phone.body(code)).status_code == 200
        phone.answers.one()
    return len(codes)
