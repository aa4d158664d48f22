"""Requests under an Idempotency-Key: the header read, its refusals as problems."""

from __future__ import annotations

from flask import request
from pydantic import BaseModel

from voelgoed.foundation.idempotency import Claimed, InProgress, OtherBody, claim
from voelgoed.foundation.web.problem import Problem

MOST_CHARACTERS = 200


def once(body: BaseModel | None = None) -> Claimed | None:
    """Claim the request's key; None without one. `.reference` says where the first answer lies, if there was one.

    Raises Problem: 409 with Retry-After while the first is worked on, 422 for another body, 400 for no proper key.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= MOST_CHARACTERS or not key.isprintable():
        raise Problem(400, "bad_key", detail=f"An Idempotency-Key is 1 to {MOST_CHARACTERS} printable characters.")
    said = body.model_dump_json().encode() if body is not None else b""
    try:
        return claim(key, method=request.method, path=request.path, body=said)
    except InProgress:
        raise Problem(409, "in_progress", detail="The first request is being worked on.",
                      headers={"Retry-After": "1"}) from None  # fmt: skip
    except OtherBody:
        raise Problem(422, "key_reused", detail="This key was used with another body. Use a new one.") from None
