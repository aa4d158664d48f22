"""Requests under an Idempotency-Key: the header read, its refusals as problems."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request
from pydantic import BaseModel

from voelgoed.foundation.idempotency import Claimed, InProgress, OtherBody, claim
from voelgoed.foundation.web.problem import Problem

MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Named:
    """What a request is known by, beside who asks: what it wants, and the key that it brought."""

    method: str
    path: str
    key: str | None


def named() -> Named:
    """Return what this request is known by; the express lane, which has no request, has said so before."""
    found: Named | None = g.get("named")
    return found or Named(request.method, request.path, request.headers.get("Idempotency-Key"))


def once(body: BaseModel | None = None) -> Claimed | None:
    """Claim the request's key; None without one. `.reference` says where the first answer lies, if there was one.

    Raises Problem: 409 with Retry-After while the first is worked on, 422 for another body, 400 for no proper key.
    """
    asked = named()
    key = asked.key
    if key is None:
        return None
    if not 0 < len(key) <= MOST_CHARACTERS or not key.isprintable():
        raise Problem(400, "bad_key", detail=f"An Idempotency-Key is 1 to {MOST_CHARACTERS} printable characters.")
    said = body.model_dump_json().encode() if body is not None else b""
    try:
        return claim(key, method=asked.method, path=asked.path, body=said)
    except InProgress:
        raise Problem(409, "in_progress", detail="The first request is being worked on.",
                      headers={"Retry-After": "1"}) from None  # fmt: skip
    except OtherBody:
        raise Problem(422, "key_reused", detail="This key was used with another body. Use a new one.") from None
