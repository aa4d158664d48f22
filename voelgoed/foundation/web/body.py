"""Bodies of calls: read once, checked once, refused in words; nothing odd gets further than here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from voelgoed.foundation.web.form import NULL, messages_of
from voelgoed.foundation.web.problem import Problem

M = TypeVar("M", bound=BaseModel)

MOST_BYTES = 1_000_000
HALVES = re.compile(rb"\\u[dD][89a-fA-F]")


def read_body(model: type[M], most_bytes: int = MOST_BYTES) -> M:
    """Read and parse the body; too large, not JSON, or of the wrong shape are three different clear refusals."""
    return parse_body(model, raw_body(most_bytes))


def raw_body(most_bytes: int = MOST_BYTES) -> bytes:
    """Read the body as it was sent; raises Problem for another kind of content, and for too much of it."""
    return checked_body(
        request.content_type or "", request.content_length, most_bytes, lambda: request.get_data(cache=False)
    )


def checked_body(kind: str, length: int | None, most_bytes: int, read: Callable[[], bytes]) -> bytes:
    """Read a body once its announced length and kind are found to be right; raises Problem 413 or 415."""
    too_large = Problem(413, "too_large", detail=f"At most {most_bytes} bytes are read.")
    if length is not None and length > most_bytes:
        raise too_large
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "not_json", detail="Send application/json.")
    raw = read()
    if len(raw) > most_bytes:
        raise too_large
    return raw


def parse_body(model: type[M], raw: bytes) -> M:
    """Make the model of a body; raises Problem 400 for what is no JSON, 422 for what the model refuses.

    A model with `odd_text = True` looks after null characters and halves of characters itself.
    """
    odd = getattr(model, "odd_text", False)
    try:
        # Half a character, a surrogate alone, can only be written as an escape; pydantic reads no such JSON at all.
        parsed = model.model_validate(_loaded(raw)) if odd and HALVES.search(raw) else model.model_validate_json(raw)
    except ValidationError as error:
        raise _refusal(error) from None
    _refuse_oddities(raw, nulls=odd)
    return parsed


def parse_query(model: type[M], sent: MultiDict[str, str]) -> M:
    """Make the model of a query's parameters, each of which is said once; raises Problem 422."""
    repeated = {name: ["Say this once."] for name, values in sent.lists() if len(values) > 1}
    if repeated:
        raise Problem(422, "invalid", errors=repeated)
    try:
        return model.model_validate(sent.to_dict())
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Problem:
    if any(one["type"] == "json_invalid" for one in error.errors(include_url=False)):
        return _malformed("The body could not be read as JSON in UTF-8.")
    return Problem(422, "invalid", errors=messages_of(error))


def _malformed(detail: str) -> Problem:
    return Problem(400, "malformed", "That is not JSON", detail=detail)


def _refuse_oddities(raw: bytes, nulls: bool = False) -> None:
    """Refuse what pydantic lets pass: a name said twice (which of both is meant?), and null characters in text.

    PostgreSQL stores no null characters. They can only be written as an escape, so most bodies are not searched.
    """
    value = _loaded(raw)
    if not nulls and rb"\u0000" in raw and (field := _null_in(value)) is not None:
        raise Problem(422, "invalid", errors={field or "body": [NULL]})


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw, object_pairs_hook=_once)
    except ValueError as error:
        raise _malformed(f"{error}.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("A name stands twice in one object")
    return made


def _null_in(value: Any, path: str = "") -> str | None:
    """Return the dotted place of the first text with a null character."""
    if isinstance(value, str):
        return path if "\0" in value else None
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        below = _null_in(part, f"{path}.{name}".lstrip(".").replace("\0", ""))
        if below is not None or "\0" in str(name):
            return below or path
    return None
