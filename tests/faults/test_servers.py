"""Kill -9 of what the stack is made of, amid sales, refunds, exchanges and webhooks by every gateway.

Web, worker, payment simulator, PostgreSQL and Valkey (which forgets everything) take turns. Each comes back; within a
minute of the clock of what waits nothing is unsettled, every checker is clean, each answered deed stands as it was
answered, and the processors' own lists say that money moved just as the books say.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.conftest import roomy_folder
from tests.faults.house import CHEAPER, House, opened
from tests.faults.patrons import Sale, at_once
from tests.faults.stack import VICTIMS, Stack, processors_of, stacked
from tests.faults.stage import BOUND, ROUND, pass_by, violations, works
from tests.foundation.embedded.living import until
from tests.selling.online import PAYS
from voelgoed.foundation.outbox import sweep_once

ROUNDS_EACH = int(os.environ.get("VOELGOED_KILL_ROUNDS", "1"))
"""How often each is killed; a night may give it four."""
SEED = 4
STRIKES = range(2, 24)
"""After which of a round's answers one strikes; there are more."""
QUIET = 40.0  # seconds of real time that workers have on a busy machine to do what is due

UNSETTLED = """
SELECT (SELECT count(*) FROM workflow_run r
         WHERE NOT EXISTS (SELECT 1 FROM workflow_outcome o WHERE o.run_id = r.id))
     + (SELECT count(*) FROM outbox_row WHERE done_at IS NULL AND due_at <= now())
"""
LEFT = """
SELECT task, attempts, last_error, due_at - now(), claimed_until - now() FROM outbox_row WHERE done_at IS NULL
 UNION ALL
SELECT r.workflow, 0, NULL, now() - r.created_at, NULL FROM workflow_run r
 WHERE NOT EXISTS (SELECT 1 FROM workflow_outcome o WHERE o.run_id = r.id)
"""
TICKETS = "SELECT count(*) FROM ticket t JOIN checkout_line l ON l.id = t.checkout_line_id WHERE l.checkout_id = %s"
ALIVE = f"{TICKETS} AND NOT EXISTS (SELECT 1 FROM ticket_void v WHERE v.ticket_id = t.id)"
PAID = "SELECT gateway, amount_cents FROM payment WHERE checkout_id = %s ORDER BY tender"
MOVED = """
SELECT c.key, coalesce(p.amount_cents, 0), coalesce((
    SELECT sum(r.amount_cents) FROM refund r JOIN refund_end e ON e.refund_id = r.id
     WHERE r.payment_id = p.id AND r.gateway = c.gateway AND e.how = 'sent'), 0)::bigint
  FROM charge c LEFT JOIN payment p ON p.charge_id = c.id WHERE c.gateway IN ('stripe', 'paystack')
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with roomy_folder(tmp_path_factory.mktemp("stack")) as folder, stacked(Path(folder)) as stack:
        processors = processors_of(stack)
        yield opened(stack, processors)
        processors.http.close()


def asked(stack: Stack, statement: str, *given: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(stack.database.url("postgres"), autocommit=True) as connection:
        return connection.execute(statement, given).fetchall()


def heal(house: House) -> None:
    """Let a minute pass at most, with the stack's own workers; all has ended by then."""
    stack = house.stack
    stack.forget_connections()
    for _ in range(int(BOUND / ROUND)):
        if quiet(stack):
            return
        pass_by(stack.database, ROUND)
        sweep_once()
    assert quiet(stack), f"not settled within {BOUND:g} s: {asked(stack, LEFT)}"


def quiet(stack: Stack) -> bool:
    """Wait a little for the workers; say whether nothing is left to do."""
    try:
        until(lambda: asked(stack, UNSETTLED) == [(0,)], QUIET)
    except AssertionError:
        return False
    return True


def check(house: House) -> None:
    """All that was answered is so, money moved outside as the books say, and what must hold holds."""
    gone = {one.id for one in house.returned} | {one.id for one, _ in house.exchanged}
    for one in house.sales:
        tickets = len(one.tickets)
        assert tickets == (1 if one.status == "paid" else 0)
        paid = asked(house.stack, PAID, UUID(one.id))
        assert Counter(paid) == (Counter(one.payments) if tickets else Counter()), one
        assert asked(house.stack, TICKETS, UUID(one.id)) == [(tickets,)], one
        assert asked(house.stack, ALIVE, UUID(one.id)) == [(0 if one.id in gone else tickets,)], one
    for _, bought in house.exchanged:
        assert asked(house.stack, PAID, UUID(bought)) == [("credit", CHEAPER)]
        assert asked(house.stack, ALIVE, UUID(bought)) == [(1,)]
    check_outside(house)
    with house.stack.personas.home.scope():
        assert violations("AGIJMT") == {}


def check_outside(house: House) -> None:
    """By the processors' own lists, each charge was taken at most once, and what is not in the books went back."""
    moved: dict[str, Counter[str]] = {}
    for shop in house.shops.values():
        for work in works(shop.at.happened()):
            moved.setdefault(str(work["ours"]), Counter())[f"{work['deed']}"] += work["amount"]
            moved[str(work["ours"])][f"{work['deed']}s"] += 1
    books = {key: (int(paid), int(back)) for key, paid, back in asked(house.stack, MOVED)}
    assert set(moved) <= set(books)
    for key, (paid, back) in books.items():
        outside = moved.get(key, Counter())
        assert outside["charges"] <= 1, key
        assert outside["charge"] - outside["refund"] == paid - back, (key, outside)
        assert outside["charge"] >= paid, key


@pytest.mark.deep
def test_whatever_is_killed_comes_back_and_all_is_settled(house: House) -> None:
    chance = random.Random(SEED)
    victims = list(VICTIMS) * ROUNDS_EACH
    chance.shuffle(victims)
    for number, victim in enumerate(victims):
        begun, strike = house.answers.came, chance.choice(STRIKES)
        said = f"round {number}: {victim} after {strike} answers"

        def kill(victim: str = victim, after: int = begun + strike) -> None:
            house.answers.wait_for(after)
            house.stack.kill(victim)

        print(said)
        at_once(house.a_round(), kill)
        heal(house)
        check(house)
    assert (len(house.sales), len(house.exchanged)) == (10 * len(victims), len(victims))
    clean = subprocess.run(
        [sys.executable, "-m", "voelgoed", "check"], env=house.stack.environ(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert clean.returncode == 0, clean.stdout + clean.stderr
    _controls(house)


def _controls(house: House) -> None:
    """Negative controls: a ticket that was answered and is lost, and money that only the processor knows, are seen."""
    lost = house.sales[0]
    house.sales[0] = Sale(lost.id, lost.status, (*lost.tickets, "one more"), lost.payments)
    with pytest.raises(AssertionError):
        check(house)
    house.sales[0] = lost
    key = asked(house.stack, "SELECT key FROM charge WHERE gateway = 'stripe' LIMIT 1")[0][0]
    shop = house.shops["stripe"].at
    again = {
        "amount": 17500, "currency": "zar", "confirm": "true", "payment_method": PAYS["stripe"], "metadata[key]": key,
        "return_url": "https://x.test", "automatic_payment_methods[enabled]": "true",
    }  # fmt: skip
    bearer = {"Authorization": f"Bearer {shop.secret}"}
    assert house.processors.http.post("/v1/payment_intents", data=again, headers=bearer).status_code == 200
    with pytest.raises(AssertionError):
        check_outside(house)
