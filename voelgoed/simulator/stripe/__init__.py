"""What the simulator knows of Stripe's API."""

from __future__ import annotations

from voelgoed.simulator.stripe import intent, listing, method, refund
from voelgoed.simulator.stripe.door import stripe

__all__ = ["intent", "listing", "method", "refund", "stripe"]
