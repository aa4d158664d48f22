"""Events: what Stripe tells unasked, kept so that it can be asked again."""

from __future__ import annotations

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.stripe.door import VERSION
from voelgoed.simulator.world import shown, token


def announce(call: Call, kind: str, row: Row) -> None:
    """Keep an event with the object as it is now, and send it."""
    event = {
        "id": token("evt_"),
        "object": "event",
        "api_version": VERSION,
        "created": call.now(),
        "data": {"object": shown(row)},
        "livemode": False,
        "pending_webhooks": 1 if call.account["webhook_url"] else 0,
        "request": {"id": call.number, "idempotency_key": call.key},
        "type": kind,
    }
    call.put("event", event)
    call.tell(kind, event)
