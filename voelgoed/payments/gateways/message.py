"""Messages that come unasked: what of them is kept."""

from __future__ import annotations

from typing import Any

LEFT_OUT = frozenset({
    "authorization", "billing_details", "card", "client_secret", "customer", "customer_email", "email", "ip_address",
    "last_payment_error", "log", "next_action", "payment_method", "payment_method_data", "payment_method_details",
    "receipt_email", "receipt_url", "shipping", "source", "destination_details",
})  # fmt: skip
"""Fields that open, identify or describe a card or a buyer."""


def without_secrets(said: Any) -> Any:
    """Return a message without the fields that must not be kept."""
    if isinstance(said, dict):
        return {name: without_secrets(value) for name, value in said.items() if name not in LEFT_OUT}
    return [without_secrets(one) for one in said] if isinstance(said, list) else said
