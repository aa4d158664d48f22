"""What the simulator knows of Paystack's API."""

from __future__ import annotations

from voelgoed.simulator.paystack import charge, refund, transaction
from voelgoed.simulator.paystack.door import paystack

__all__ = ["charge", "paystack", "refund", "transaction"]
