"""Requests that may come twice and must work once."""

from voelgoed.foundation.idempotency.claim import Claimed, InProgress, OtherBody, claim

__all__ = ["Claimed", "InProgress", "OtherBody", "claim"]
