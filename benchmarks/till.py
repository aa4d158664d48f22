"""Sales: hold and complete through the API, the completion through the job's run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from uuid import uuid4

from benchmarks.bare import sales as bare_sales
from benchmarks.figure import Figure, rate
from benchmarks.load import Outcome, Request, load
from benchmarks.stage import Stage

AT_ONCE = (1, 8)
SALES = 150


def figures(stage: Stage, database_url: str) -> Iterator[Figure]:
    """Measure whole sales of one ticket."""
    for at_once in AT_ONCE:
        bare = bare_sales(database_url, at_once, 400)
        yield rate(f"sale of one ticket, {at_once} at once", _sales(stage, at_once, SALES), bare, "/s bare SQL")


def _sales(stage: Stage, at_once: int, count: int) -> Outcome:
    token = stage.house["api_tokens"]["box_office"]
    event = next(one for one in stage.house["events"] if one["id"] == stage.event_id)
    sold = event["ticket_types"][1]
    asked = {"event_id": stage.event_id, "lines": [{"ticket_type_id": sold["id"], "quantity": 1}]}
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
