"""Paystack's manners: JSON in, an envelope with status, message and data out; no idempotency keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from flask import request

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Desk, Refusal
from voelgoed.simulator.faults import Trouble


def said(message: str, data: Any, **more: Any) -> Row:
    """Put an answer into Paystack's envelope."""
    return {"status": True, "message": message, "data": data, **more}


def refused(
    message: str, code: str, *, status: int = 400, step: str = "Look at what was sent and try again"
) -> Refusal:
    """Make Paystack's answer to what it does not do."""
    body = {"status": False, "message": message, "meta": {"nextStep": step}, "type": "validation_error", "code": code}
    return Refusal(status, body)


class PaystackDesk(Desk):
    """Paystack's counter."""

    provider = "paystack"

    def read(self) -> tuple[Row, Row]:
        """Return the JSON body and the query."""
        text = request.get_data()
        query = dict(parse_qsl(request.query_string.decode()))
        if not text:
            return {}, query
        try:
            body = json.loads(text)
        except ValueError as error:
            raise refused("Invalid JSON was sent", "invalid_params") from error
        if not isinstance(body, dict):
            raise refused("A JSON object is expected", "invalid_params")
        return body, query

    def unknown(self, message: str) -> Refusal:
        """Make Paystack's 401."""
        body = {
            "status": False,
            "message": f"Invalid key. {message}",
            "type": "validation_error",
            "code": "invalid_Key",
        }
        return Refusal(401, body)

    def trouble(self, trouble: Trouble) -> Row:
        """Put a fault into Paystack's shape."""
        code = "rate_limited" if trouble.status == 429 else "unknown"
        return {"status": False, "message": str(trouble), "type": "api_error", "code": code}


def written(moment: float | None) -> str | None:
    """Write a time as Paystack does: ISO 8601, UTC, milliseconds."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_time(text: str, param: str, *, end: bool = False) -> float:
    """Read a time of a list's bounds; a bare date means the whole of that day in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise refused(f"{param} must be a valid date", "invalid_params") from error
    day = 24 * 3600 if end and len(text) <= len("2026-11-24") else 0
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() + day


def whole(value: object, name: str, *, least: int = 1) -> int:
    """Read a whole number of cents, of rows, of pages."""
    text = str(value)
    if isinstance(value, bool) or not text.isdigit() or int(text) < least:
        raise refused(f"{name} must be a whole number of at least {least}", "invalid_params")
    return int(text)


paystack = PaystackDesk()
