"""Calls of the JSON API: bearer tokens, bodies checked by pydantic, problems, and a description of it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel

from voelgoed.foundation.web import express as lane
from voelgoed.foundation.web.answer import Answer
from voelgoed.foundation.web.body import MOST_BYTES, parse_body, parse_query, raw_body, read_body
from voelgoed.foundation.web.boundary import View, serve_call


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI document says of one call."""

    method: str
    rule: str
    name: str
    allow: str
    summary: str
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answers: dict[int, type[BaseModel] | None]
    most_bytes: int


operations: list[Operation] = []

__all__ = ["Api", "Operation", "operations", "read_body"]


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
        express: bool = False,
    ) -> Callable[[View], View]:
        """Declare a call: `@api.call("POST", "/scans", allow="scan", body=ScanIn, answers={200: ScanOut})`.

        The view gets `body=` and `query=` as parsed models beside the path's arguments. `express` is for a call that
        is asked all the time (express.py says what it goes without): a token, a body, ids as the path's arguments.
        """

        def declare(view: View) -> View:
            name = view.__name__
            summary = (view.__doc__ or name).strip().splitlines()[0]
            one = Operation(
                method, f"/api/v1{rule}", f"{self.name}.{name}", allow, summary, body, query, answers or {}, most_bytes
            )
            operations.append(one)
            if express:
                lane.declare(one.method, one.rule, allow, body, most_bytes, view)
            self.add_url_rule(one.rule, endpoint=name, view_func=_served(view, one), methods=[method])
            return view

        return declare


def _served(view: View, one: Operation) -> Callable[..., Response]:
    @wraps(view)
    def served(**arguments: Any) -> Response:
        # Read before the scope opens, so that a slow sender holds no connection; understood after the token is.
        raw = raw_body(one.most_bytes) if one.body is not None else b""

        def act(**given: Any) -> Answer:
            if one.body is not None:
                given["body"] = parse_body(one.body, raw)
            if one.query is not None:
                given["query"] = parse_query(one.query, request.args)
            return view(**given)

        return serve_call(act, one.allow, arguments)

    served.allow = one.allow  # type: ignore[attr-defined]
    return served
