"""Limits at the door: counted in rows, so that they hold without a cache, and fail closed."""

from __future__ import annotations

from flask import request

from voelgoed.foundation.tenancy import door
from voelgoed.foundation.web import Problem

WINDOW_SECONDS = 600


def within_limit(deed: str, most: int) -> None:
    """Count one try of a deed from the visitor's address; raises Problem 429 after too many in ten minutes."""
    with door() as opened:
        key = f"{deed}:{request.remote_addr}"[:200]
        within = opened.one("count_attempt", key=key, most=most, seconds=WINDOW_SECONDS)[0]
    if not within:
        raise Problem(429, "too_many_tries", detail="Wait ten minutes, then try again.", headers={"Retry-After": "600"})
