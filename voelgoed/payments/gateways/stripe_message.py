"""Stripe's webhooks, verified as Stripe documents it, without loading its SDK into every web process."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping

from voelgoed.payments.gateways.message import without_secrets
from voelgoed.payments.gateways.port import ForgedMessage, Told

TOLERANCE = 300.0
"""Seconds that a signature is good for, as in Stripe's own libraries."""


def read(secret: str, headers: Mapping[str, str], raw: bytes) -> Told:
    """Read an event whose signature (`t=…,v1=…`, HMAC-SHA256) is Stripe's; raises ForgedMessage."""
    parts = [part.partition("=") for part in headers.get("stripe-signature", "").split(",")]
    at = next((value for name, _, value in parts if name == "t" and value.isdigit()), None)
    if not secret or at is None or abs(time.time() - int(at)) > TOLERANCE:
        raise ForgedMessage("no signature of Stripe's of now")
    own = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    if not any(name == "v1" and hmac.compare_digest(own, value) for name, _, value in parts if value.isascii()):
        raise ForgedMessage("the signature is not Stripe's")
    event = json.loads(raw)
    thing = event.get("data", {}).get("object", {})
    key = (thing.get("metadata") or {}).get("key")
    return Told(str(event["id"]), str(event["type"]), key, without_secrets(event))
