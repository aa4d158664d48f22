"""Sales: hold and complete through the API, as a till does; and one of 200 tickets for a group."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from benchmarks.bare import sales as bare_sales
from benchmarks.figure import Figure, rate
from benchmarks.load import Outcome, Request, load, repeat
from benchmarks.stage import Stage, widen

AT_ONCE = (1, 8, 32)
SALES = 150
GROUP, GROUPS = 200, 5


def figures(app: Any, stage: Stage, database_url: str) -> Iterator[Figure]:
    """Measure whole sales of one ticket, and sales to groups."""
    _sales(stage, 4, 20)  # a process's first sale prepares its statements
    for at_once in AT_ONCE:
        bare = bare_sales(database_url, at_once, 400)
        yield rate(f"sale of one ticket, {at_once} at once", _sales(stage, at_once, SALES), bare, "/s bare SQL")
    yield _groups(app, stage)


def _sold(stage: Stage) -> str:
    event = next(one for one in stage.house["events"] if one["id"] == stage.event_id)
    return str(event["ticket_types"][1]["id"])


def _sales(stage: Stage, at_once: int, count: int) -> Outcome:
    token = stage.house["api_tokens"]["box_office"]
    asked = {"event_id": stage.event_id, "lines": [{"ticket_type_id": _sold(stage), "quantity": 1}]}
    began = time.perf_counter()
    holds = [
        Request.make("POST", "/api/v1/checkouts", asked, token, Idempotency_Key=str(uuid4())) for _ in range(count)
    ]
    held = load(stage.port, holds, at_once, keep=True)
    made = [json.loads(body) for body in held.bodies]
    paying = [
        Request.make(
            "POST",
            f"/api/v1/checkouts/{one['id']}/complete",
            {
                "payments": [
                    {"gateway": "cash", "amount_cents": one["total_cents"], "tendered_cents": one["total_cents"]}
                ]
            },
            token,
            Idempotency_Key=str(uuid4()),
        )
        for one in made
        if "id" in one
    ]
    paid = load(stage.port, paying, at_once)
    both = [one + other for one, other in zip(sorted(held.seconds), sorted(paid.seconds), strict=False)]
    statuses = {**held.statuses, **paid.statuses}
    return Outcome(both, time.perf_counter() - began, statuses, [])


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
