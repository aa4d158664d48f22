"""`/_control`: what tests and the demo order of the simulator, and what they ask about what happened."""

from __future__ import annotations

import inspect
from collections import Counter
from dataclasses import fields
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.faults import CALL_DEEDS, WEBHOOK_DEEDS, Fault, WebhookFault
from voelgoed.simulator.paystack import refund as paystack_refund
from voelgoed.simulator.stripe import refund as stripe_refund
from voelgoed.simulator.world import World, shown

pages = Blueprint("control", __name__, url_prefix="/_control")
SETTINGS = ("webhook_url", "webhook_secret", "refunds", "search_lag", "retries")
KINDS = ("payment_intent", "charge", "transaction", "refund", "work")


def _world() -> World:
    world: World = current_app.extensions["simulator"]
    return world


def _said() -> Row:
    body = request.get_json(silent=True) if request.get_data() else {}
    if not isinstance(body, dict):
        raise _wrong("Send a JSON object.")
    return body


def _wrong(message: str) -> HTTPException:
    answer = jsonify({"error": message})
    answer.status_code = 400
    return HTTPException(response=answer)


@pages.get("/")
def index() -> Response:
    """List what can be ordered and asked."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.endpoint.startswith("control.")]
    said = {f"{' '.join((rule.methods or set()) - {'HEAD', 'OPTIONS'})} {rule.rule}": rule.endpoint for rule in rules}
    return jsonify({call: inspect.getdoc(current_app.view_functions[name]) for call, name in said.items()})


@pages.post("/accounts")
def account() -> Response:
    """Open or change an account: provider, secret_key, and of SETTINGS those that are given.

    `refunds` is processed, pending or failed; `search_lag` is in seconds; `retries` are the seconds before each
    repetition of a webhook that was not taken.
    """
    body = _said()
    if body.get("provider") not in ("stripe", "paystack") or "_test_" not in str(body.get("secret_key")):
        raise _wrong("Give provider (stripe, paystack) and secret_key (sk_test_…).")
    settings = {name: body[name] for name in SETTINGS if name in body}
    return jsonify(_account(_world().set_up(body["provider"], body["secret_key"], settings)))


@pages.get("/accounts")
def accounts() -> Response:
    """List accounts, without their secrets."""
    with _world().deed():
        return jsonify([_account(row) for row in _world().accounts()])


@pages.post("/faults")
def add_fault() -> Response:
    """Order a fault of the next calls: the fields of `Fault`; secret_key means one account."""
    return _ordered(Fault, CALL_DEEDS, _world().faults.calls)


@pages.post("/webhook-faults")
def add_webhook_fault() -> Response:
    """Order a fault of the next webhooks: the fields of `WebhookFault`; secret_key means one account."""
    return _ordered(WebhookFault, WEBHOOK_DEEDS, _world().faults.webhooks)


@pages.get("/faults")
def faults() -> Response:
    """List the faults that are still to come."""
    with _world().deed():
        return jsonify(_world().faults.told())


@pages.delete("/faults")
def clear() -> Response:
    """Behave well from now on; calls that were made to wait go on at once."""
    with _world().deed():
        _world().faults.clear()
    return jsonify({})


@pages.post("/clock")
def clock() -> Response:
    """Set the clock on by days and seconds."""
    body = _said()
    with _world().deed():
        return jsonify({"now": _world().move(float(body.get("days", 0)) * 24 * 3600 + float(body.get("seconds", 0)))})


@pages.post("/reset")
def reset() -> Response:
    """Forget everything."""
    _world().reset()
    return jsonify({})


@pages.post("/refunds/<number>")
def settle(number: str) -> Response:
    """Let a refund end as `status` says: succeeded or processed, or failed."""
    status = str(_said().get("status"))
    with _world().deed():
        for row in _world().accounts():
            found = _world().books(row["id"])["refund"].get(number)
            if found:
                call = Call(_world(), row, None, {}, {}, request.host_url.rstrip("/"))
                module: Any = stripe_refund if row["provider"] == "stripe" else paystack_refund
                module.settle(call, found, status)
                return jsonify(shown(found))
    raise _wrong(f"There is no refund {number}.")


@pages.get("/happened")
def happened() -> Response:
    """Tell all rows, each movement of money, and how often it moved per key and per `metadata` name.

    The query narrows it: provider, secret_key; `metadata=name` counts by that field of the metadata. A key is
    Stripe's idempotency key, Paystack's reference.
    """
    with _world().deed():
        told: dict[str, list[Row]] = {kind: [] for kind in KINDS}
        for row in _meant():
            books = _world().books(row["id"])
            for kind in KINDS:
                told[kind] += [shown(one) | {"account": row["id"]} for one in books[kind].rows.values()]
        field = request.args.get("metadata")
        counts = Counter(f"{one['deed']} {_key(one, field)}" for one in told["work"])
        return jsonify(told | {"times": counts})


@pages.get("/calls")
def calls() -> Response:
    """List the calls that came, oldest first, with the faults that they met."""
    with _world().lock:
        return jsonify(list(_world().calls))


@pages.get("/webhooks")
def webhooks() -> Response:
    """List webhooks: event, tries, the receiver's last status, whether it is done with."""
    with _world().deed():
        rows = [one for row in _meant() for one in _world().books(row["id"])["delivery"].rows.values()]
        return jsonify([{name: value for name, value in one.items() if name != "text"} for one in rows])


def _ordered(kind: type[Any], deeds: tuple[str, ...], faults: list[Any]) -> Response:
    body = _said()
    known = {field.name for field in fields(kind)} - {"number", "account"}
    secret = body.pop("secret_key", None)
    if body.get("do") not in deeds or body.keys() - known:
        raise _wrong(f"Give do, one of {', '.join(deeds)}, and of {', '.join(sorted(known))} what you need.")
    with _world().deed():
        if secret:
            body["account"] = _world().account(str(body.get("provider")), secret)["id"]
        fault = kind(**body)
        faults.append(fault)
        return jsonify(vars(fault))


def _meant() -> list[Row]:
    provider, secret = request.args.get("provider"), request.args.get("secret_key")
    return [
        row for row in _world().accounts()
        if provider in (None, row["provider"]) and secret in (None, row["secret_key"])
    ]  # fmt: skip


def _key(work: Row, field: str | None) -> object:
    return work["metadata"].get(field) if field else work["key"]


def _account(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("secret_key", "webhook_secret")} | {
        "key_ends": row["secret_key"][-4:]
    }
