"""Gateways: one port, an adapter for each processor; processors' libraries are imported when they are first used."""

from voelgoed.payments.gateways.open import gateway_of, warm_up
from voelgoed.payments.gateways.port import (
    Absent,
    Answer,
    Asking,
    Captured,
    Declined,
    ForgedMessage,
    Gateway,
    Sent,
    SentBack,
    Told,
    Unknown,
    Waiting,
)

__all__ = [
    "Absent", "Answer", "Asking", "Captured", "Declined", "ForgedMessage", "Gateway", "Sent", "SentBack", "Told",
    "Unknown", "Waiting", "gateway_of", "warm_up",
]  # fmt: skip
