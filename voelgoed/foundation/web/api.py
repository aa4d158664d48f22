"""Calls of the JSON API: bearer tokens, bodies checked by pydantic, problems, and a description of it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError

from voelgoed.foundation.web.boundary import View, serve_call
from voelgoed.foundation.web.form import messages_of
from voelgoed.foundation.web.problem import Problem

M = TypeVar("M", bound=BaseModel)

MOST_BYTES = 1_000_000


@dataclass
class Operation:
    """What the OpenAPI document says of one call."""

    method: str
    rule: str
    name: str
    allow: str
    summary: str
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answers: dict[int, type[BaseModel] | None] = field(default_factory=dict)


operations: list[Operation] = []


class Api(Blueprint):
    """A group of calls under `/api/v1`; each declares its rule, its body and its answers."""

    def call(
        self,
        method: str,
        rule: str,
        *,
        allow: str,
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        answers: dict[int, type[BaseModel] | None] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Callable[[View], View]:
        """Declare a call: `@api.call("POST", "/scans", allow="scan", body=ScanIn, answers={200: ScanOut})`.

        The view gets `body=` and `query=` as parsed models beside the path's arguments.
        """

        def declare(view: View) -> View:
            @wraps(view)
            def served(**arguments: Any) -> Response:
                if body is not None:
                    arguments["body"] = read_body(body, most_bytes)
                if query is not None:
                    arguments["query"] = _parse(query, request.args.to_dict())
                return serve_call(view, allow, arguments)

            served.allow = allow  # type: ignore[attr-defined]
            name = view.__name__
            self.add_url_rule(f"/api/v1{rule}", endpoint=name, view_func=served, methods=[method])
            summary = (view.__doc__ or name).strip().splitlines()[0]
            operations.append(
                Operation(
                    method,
                    f"/api/v1{rule}",
                    f"{self.name}.{name}",
                    allow,
                    summary,
                    body,
                    query,
                    answers or {},
                )
            )
            return view

        return declare


def read_body(model: type[M], most_bytes: int = MOST_BYTES) -> M:
    """Parse the body; too large, not JSON, or of the wrong shape are three different clear refusals."""
    if request.content_length is not None and request.content_length > most_bytes:
        raise Problem(413, "too_large", detail=f"At most {most_bytes} bytes are read.")
    if request.mimetype != "application/json":
        raise Problem(415, "not_json", detail="Send application/json.")
    raw = request.get_data(cache=False)
    if len(raw) > most_bytes:
        raise Problem(413, "too_large", detail=f"At most {most_bytes} bytes are read.")
    try:
        return model.model_validate_json(raw, strict=None)
    except ValidationError as error:
        raise _refusal(error) from None


def _parse(model: type[BaseModel], values: dict[str, Any]) -> BaseModel:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Problem:
    malformed = any(one["type"] == "json_invalid" for one in error.errors(include_url=False))
    if malformed:
        return Problem(400, "malformed", "That is not JSON", detail="The body could not be read as JSON in UTF-8.")
    return Problem(422, "invalid", "Some fields need correcting", errors=messages_of(error))
