"""Requests that may come twice and must work once."""

from voelgoed.foundation.idempotency.claim import Claimed, InProgress, OtherBody, came_between, claim

__all__ = ["Claimed", "InProgress", "OtherBody", "came_between", "claim"]
