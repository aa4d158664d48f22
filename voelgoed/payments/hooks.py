"""What processors tell unasked: verified, stored, answered at once; a job applies it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.dialects.postgresql import insert

from voelgoed.foundation.boundary import commit
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy import Actor, door, rows, scope
from voelgoed.foundation.web import PUBLIC, Answer, DoorPages, Json, Problem
from voelgoed.payments.gateway_account import GatewayAccount, Webhook
from voelgoed.payments.gateways import ForgedMessage, Told, gateway_of

pages = DoorPages("hooks", __name__)

APPLY = "voelgoed.selling.settle_webhook.apply"
MOST_BYTES = 300_000
KEY_SIZE, KIND_SIZE, CHARGE_KEY_SIZE = 200, 80, 120


@pages.post("/hooks/<uuid:hook>", allow=PUBLIC)
def receive(hook: UUID) -> Answer:
    """Take a processor's message: 200 once it is stored, however often it comes; 400 unless it is the processor's."""
    raw = request.get_data(cache=False) if (request.content_length or 0) <= MOST_BYTES else None
    if raw is None:
        raise Problem(413, "too_large", detail=f"At most {MOST_BYTES} bytes are read.")
    with door() as opened:
        found = opened.one("account_of_hook", hook=hook)
    if found is None:
        raise Problem(404, "not_found", detail="Nobody listens here.")
    with scope(found.organization_id, Actor("system", None, "a processor's webhook")):
        account = rows(GatewayAccount).filter_by(hook=hook).one()
        _store(account, _verified(account, raw))
        point("hook.before_commit")
        commit()
    return Json({"received": True})


def _verified(account: GatewayAccount, raw: bytes) -> Told:
    try:
        return gateway_of(account).verify({name.lower(): value for name, value in request.headers}, raw)
    except ForgedMessage:
        raise Problem(400, "wrong_signature", detail="This is not the processor's signature.") from None
    except (ValueError, KeyError, AttributeError):
        raise Problem(400, "malformed", detail="This is none of the processor's events.") from None


def _store(account: GatewayAccount, told: Told) -> None:
    """Store a message and have it applied; one that is known changes nothing."""
    key = told.charge_key if told.charge_key and len(told.charge_key) <= CHARGE_KEY_SIZE else None
    values = {"account_id": account.id, "event_key": told.event_key[:KEY_SIZE], "kind": told.kind[:KIND_SIZE],
              "charge_key": key, "body": _storable(told.body)}  # fmt: skip
    statement = insert(Webhook).values(**values).on_conflict_do_nothing().returning(Webhook.id)
    webhook_id = db.session.scalar(statement)
    if webhook_id is not None:
        enqueue("charges", APPLY, about=webhook_id, webhook_id=webhook_id)


def _storable(body: Any) -> Any:
    """Return a message without null characters, which PostgreSQL's JSON does not hold."""
    return json.loads(json.dumps(body).replace("\\u0000", ""))
