"""Stripe's manners: forms with brackets, errors with type and code, keys whose answers are kept for a day."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from typing import Any
from urllib.parse import parse_qsl

from flask import request

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Answer, Call, Desk, Refusal
from voelgoed.simulator.faults import Trouble

VERSION = "2026-10-28.endive"
KEYS_LIVE = 24 * 3600
"""Seconds for which Stripe remembers an idempotency key."""
KEY_LENGTH = 255


def invalid(message: str, *, status: int = 400, **fields: Any) -> Refusal:
    """Make an `invalid_request_error`; `fields` are its code and param."""
    return Refusal(status, {"error": {"type": "invalid_request_error", "message": message, **fields}})


def card_error(message: str, **fields: Any) -> Refusal:
    """Make a 402: the card did not pay; a repeated key is answered so again."""
    return Refusal(402, {"error": {"type": "card_error", "message": message, **fields}}, kept=True)


def missing(kind: str, name: object, param: str = "id") -> Refusal:
    """Make a 404 for an object that this account has not."""
    return invalid(f"No such {kind}: '{name}'", status=404, code="resource_missing", param=param)


class StripeDesk(Desk):
    """Stripe's counter."""

    provider = "stripe"

    def __init__(self) -> None:
        super().__init__()
        self._busy: set[tuple[str, str]] = set()
        self._guard = threading.Lock()

    def read(self) -> tuple[Row, Row]:
        """Return body and query, brackets unfolded."""
        return unfolded(request.get_data(as_text=True)), unfolded(request.query_string.decode())

    def unknown(self, message: str) -> Refusal:
        """Make Stripe's 401."""
        return invalid(message, status=401)

    def trouble(self, trouble: Trouble) -> Row:
        """Put a fault into Stripe's shape."""
        if trouble.status == 429:
            return {"error": {"type": "invalid_request_error", "code": "rate_limit", "message": str(trouble)}}
        return {"error": {"type": "api_error", "message": str(trouble)}}

    def key(self) -> str | None:
        """Return the idempotency key; only POSTs have one."""
        return request.headers.get("Idempotency-Key") if request.method == "POST" else None

    def claim(self, call: Call) -> Answer | None:
        """Refuse a key that is at work or that came with something else; repeat the answer of one that is done."""
        if call.key is None:
            return None
        if len(call.key) > KEY_LENGTH:
            raise invalid(f"An idempotency key has at most {KEY_LENGTH} characters.")
        with self._guard:
            if (call.owner, call.key) in self._busy:
                raise _in_use(call.key)
            earlier = _earlier(call)
            self._busy.add((call.owner, call.key))
        return earlier

    def release(self, call: Call) -> None:
        """Let the key be used again."""
        if call.key is not None:
            with self._guard:
                self._busy.discard((call.owner, call.key))

    def keep(self, call: Call, answer: Answer) -> None:
        """Remember the answer with what was asked."""
        if call.key is None:
            return
        status, body = answer
        # As text: what is answered now must not change with the rows.
        row = {"id": call.key, "asked": _asked(call), "status": status, "text": json.dumps(body)}
        call.put("idempotency", row | {"created": call.world.now()})

    def headers(self, call: Call, *, replayed: bool) -> dict[str, str]:
        """Name the request, the version and the key."""
        named = {"Request-Id": call.number, "Stripe-Version": request.headers.get("Stripe-Version", VERSION)}
        if call.key is not None:
            named["Idempotency-Key"] = call.key
        return named | ({"Idempotent-Replayed": "true"} if replayed else {})


def _earlier(call: Call) -> Answer | None:
    row = call.table("idempotency").get(call.key)
    if row is None or row["created"] < call.world.now() - KEYS_LIVE:
        return None
    if row["asked"] != _asked(call):
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{call.key}' if you meant to execute a different request."
        )
        raise Refusal(400, {"error": {"type": "idempotency_error", "message": message}})
    return row["status"], json.loads(row["text"])


def _in_use(key: str) -> Refusal:
    message = (
        "There is currently another in-progress request using this Idempotent Key "
        f"(that probably means you submitted twice, and the other request is still going through): {key}"
    )
    error = {"type": "invalid_request_error", "code": "idempotency_key_in_use", "message": message}
    return Refusal(409, {"error": error})


def _asked(call: Call) -> str:
    asked = json.dumps([request.method, request.path, call.body], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


def unfolded(text: str) -> Row:
    """Read a form whose names have brackets: `a[b]=1&c[]=2&d[0][e]=3`."""
    found: Row = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        path = re.findall(r"[^\[\]]+|\[\]", name)
        place = found
        for number, part in enumerate(path[:-1]):
            place = place.setdefault(_part(part, place), {})
            if not isinstance(place, dict):
                raise invalid(f"Invalid parameter: {name}", param="".join(path[: number + 1]))
        if path:
            place[_part(path[-1], place)] = value
    return {name: _listed(value) for name, value in found.items()}


def _part(part: str, place: Row) -> str:
    return str(len(place)) if part == "[]" else part


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    numbered = bool(inner) and all(name.isdigit() for name in inner)
    return [inner[name] for name in sorted(inner, key=int)] if numbered else inner


stripe = StripeDesk()
