"""What a call may say, and how numbers in it are read."""

from __future__ import annotations

from typing import Any

from voelgoed.simulator.desk import Call
from voelgoed.simulator.stripe.door import invalid


def known(call: Call, names: set[str]) -> None:
    """Refuse a parameter that Stripe does not know: a slip of the pen in an adapter."""
    for name in call.body:
        if name not in names:
            raise invalid(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def whole(value: Any, param: str, *, least: int, most: int | None = None) -> int:
    """Read a whole number."""
    if value is None:
        raise invalid(f"Missing required param: {param}.", code="parameter_missing", param=param)
    if not str(value).lstrip("-").isdigit():
        raise invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=param)
    if int(value) < least:
        message = f"This value must be greater than or equal to {least}."
        raise invalid(message, code="parameter_invalid_integer", param=param)
    if most is not None and int(value) > most:
        raise invalid(f"Amount must be no more than {most}", code="amount_too_large", param=param)
    return int(value)
