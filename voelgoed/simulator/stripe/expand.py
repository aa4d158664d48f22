"""`expand[]`: ids replaced by what they name."""

from __future__ import annotations

from typing import Any

from voelgoed.simulator.books import Row
from voelgoed.simulator.desk import Call
from voelgoed.simulator.stripe.door import invalid

KINDS = {"pi": "payment_intent", "ch": "charge", "re": "refund", "txn": "balance_transaction", "pm": "payment_method"}
DEEPEST = 4


def expand(call: Call, row: Row) -> Row:
    """Return an answer with the ids replaced that the call asked for; `data.` goes through a list's rows."""
    for path in call.body.get("expand") or call.query.get("expand") or []:
        parts = str(path).split(".")
        if len(parts) > DEEPEST:
            raise invalid(f"You cannot expand more than {DEEPEST} levels of a property.", param="expand")
        row = _opened(call, row, parts)
    return row


def _opened(call: Call, value: Any, parts: list[str]) -> Any:
    if isinstance(value, str):
        value = call.table(KINDS.get(value.split("_")[0], "")).get(value) or value
    if isinstance(value, list):
        return [_opened(call, one, parts) for one in value]
    if not parts or not isinstance(value, dict):
        return value
    if parts[0] not in value:
        raise invalid(f"This property cannot be expanded ({parts[0]}).", param="expand")
    return value | {parts[0]: _opened(call, value[parts[0]], parts[1:])}
