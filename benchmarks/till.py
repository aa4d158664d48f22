"""Sales: hold and complete through the API, for cash and by a processor; and one of 200 tickets for a group."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from benchmarks.bare import sales as bare_sales
from benchmarks.cost import spent, told
from benchmarks.figure import Figure, rate
from benchmarks.jobs import jobs
from benchmarks.load import Outcome, Request, load, repeat
from benchmarks.stage import Stage, widen

AT_ONCE = (1, 8, 32)
SALES = {1: 150, 8: 300, 32: 480}
PAID_OUTSIDE = {1: 30, 8: 64, 32: 64}
JOBS = 160
WARM = 40
GROUP, GROUPS = 200, 5
CASH, OUTSIDE = "cash", "stripe"


def figures(app: Any, stage: Stage, database_url: str) -> Iterator[Figure]:
    """Measure whole sales of one ticket, each beside its ceiling of the same run, and sales to groups."""
    from voelgoed.demo.ensure import organization_id_of

    with app.app_context():
        house = organization_id_of(stage.house["slug"])
        widen(house, UUID(_sold(stage)), sum(SALES.values()) + sum(PAID_OUTSIDE.values()) + 4 * WARM)
    for gateway in (CASH, OUTSIDE):
        _sales(stage, gateway, 8, WARM)  # a process's first sale prepares its statements
    for at_once in AT_ONCE:
        bare = bare_sales(database_url, at_once, 400)
        yield _figure(stage, CASH, at_once, SALES[at_once], bare, "/s bare SQL")
        nothing = jobs(app, house, database_url, at_once, JOBS)
        yield _figure(stage, OUTSIDE, at_once, PAID_OUTSIDE[at_once], nothing, "/s no-op job")
        yield rate(f"no-op job through the queue, {at_once} at once", nothing, bare, "/s bare SQL")
    yield Figure("memory of the whole stack after the sales", stage.memory(), "MiB PSS")
    yield _groups(app, stage)


def _figure(stage: Stage, gateway: str, at_once: int, count: int, ceiling: Outcome, ceiling_is: str) -> Figure:
    with spent(stage) as cost:
        met = _sales(stage, gateway, at_once, count)
    name = f"sale of one ticket for {'cash' if gateway == CASH else 'card at the simulator'}, {at_once} at once"
    made = rate(name, met, ceiling, ceiling_is)
    later = met.statuses.get(202, 0)
    more = f"{made.more}, CPU a sale: {told(cost, count)}" + (f", not yet paid when answered: {later}" if later else "")
    return Figure(made.name, made.value, made.unit, made.ceiling, made.ceiling_is, more)


def _sold(stage: Stage) -> str:
    event = next(one for one in stage.house["events"] if one["id"] == stage.event_id)
    return str(event["ticket_types"][1]["id"])


def _sales(stage: Stage, gateway: str, at_once: int, count: int) -> Outcome:
    """Hold and complete so many sales, first all the one, then all the other; a sale's time is that of both calls."""
    asked = {"event_id": stage.event_id, "lines": [{"ticket_type_id": _sold(stage), "quantity": 1}]}
    began = time.perf_counter()
    held = load(stage.port, [_call(stage, "/checkouts", asked) for _ in range(count)], at_once, keep=True)
    made = [one for one in map(json.loads, held.bodies) if "id" in one]
    paying = [
        _call(stage, f"/checkouts/{one['id']}/complete", {"payments": [_money(gateway, one["total_cents"])]})
        for one in made
    ]
    paid = load(stage.port, paying, at_once)
    both = [one + other for one, other in zip(sorted(held.seconds), sorted(paid.seconds), strict=False)]
    return Outcome(both, time.perf_counter() - began, dict(Counter(held.statuses) + Counter(paid.statuses)), [])


def _call(stage: Stage, path: str, body: dict[str, Any]) -> Request:
    token = stage.house["api_tokens"]["box_office"]
    return Request.make("POST", f"/api/v1{path}", body, token, Idempotency_Key=str(uuid4()))


def _money(gateway: str, cents: int) -> dict[str, Any]:
    if gateway == CASH:
        return {"gateway": CASH, "amount_cents": cents, "tendered_cents": cents}
    return {"gateway": OUTSIDE, "amount_cents": cents, "method": "pm_card_visa"}


def _groups(app: Any, stage: Stage) -> Figure:
    """Sell as many tickets at once as a till may, from the first row to the run's outcome."""
    from voelgoed.demo.drawers import person
    from voelgoed.demo.ensure import organization_id_of
    from voelgoed.demo.sell import sale

    with app.app_context():
        house = organization_id_of(stage.house["slug"])
        clerk, event_id, type_id = person(house, "box_office"), UUID(stage.event_id), UUID(_sold(stage))
        widen(house, type_id, GROUP * GROUPS)
        sale(house, clerk, event_id, type_id, 1)
        met = repeat(lambda: sale(house, clerk, event_id, type_id, GROUP), GROUPS)
    took = median(met.seconds)
    more = f"the slowest of {GROUPS}: {max(met.seconds):.2f} s"
    return Figure(f"sale of {GROUP} tickets to a group", took, "s", 1.0, "s aimed at", more)
