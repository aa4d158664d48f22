"""The express lane: calls that are asked so often that Flask's own work for a request would be most of theirs.

A call that says `express=True` is served here by the same function under the same rule, with the same refusals,
headers, figures and log lines. It goes without what no such call needs: session, cookies, routing, a request object.
Its view finds body, identity, token and Idempotency-Key as ever, and nothing else of the request. What is odd about a
request goes Flask's way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Flask, g
from pydantic import BaseModel

from voelgoed.foundation.web import safety
from voelgoed.foundation.web.answer import Json
from voelgoed.foundation.web.body import checked_body, parse_body
from voelgoed.foundation.web.boundary import View, serve_in_scope
from voelgoed.foundation.web.identity import PUBLIC, SIGNED_IN, read_bearer
from voelgoed.foundation.web.once import Named
from voelgoed.foundation.web.problem import FAILED, Problem, problem_of

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
Answered = tuple[int, Mapping[str, str], bytes]
STATUS_LINES = {one.value: f"{one.value} {one.phrase}" for one in HTTPStatus}


@dataclass(frozen=True)
class Express:
    """One call of the lane: its rule, with ids as the only arguments, and a body in JSON."""

    method: str
    path: str
    allow: str
    body: type[BaseModel]
    most_bytes: int
    view: View


declared: dict[tuple[str, str], Express] = {}
with_ids: list[tuple[re.Pattern[str], Express]] = []
ID = re.compile(r"<uuid:([a-z_]+)>")
HEX = "[A-Fa-f0-9]"
AN_ID = rf"{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}"  # what Flask's own way takes for one


def declare(method: str, path: str, allow: str, body: type[BaseModel] | None, most_bytes: int, view: View) -> None:
    """Add a call; raises TypeError for one that the lane cannot serve."""
    if allow in (PUBLIC, SIGNED_IN) or body is None or "<" in ID.sub("", path):
        raise TypeError(f"{path}: the express lane serves calls with a token and a body, whose arguments are ids")
    one = declared[method, path] = Express(method, path, allow, body, most_bytes, view)
    if "<" in path:
        with_ids.append((re.compile(ID.sub(rf"(?P<\1>{AN_ID})", path)), one))


def find(method: str, path: str) -> tuple[Express, dict[str, UUID]] | None:
    """Return the call that a path asks for, and the ids in it."""
    if (one := declared.get((method, path))) is not None and "<" not in path:
        return one, {}
    for pattern, one in with_ids:
        if one.method == method and (met := pattern.fullmatch(path)) is not None:
            return one, {name: UUID(value) for name, value in met.groupdict().items()}
    return None


class Lane:
    """WSGI before Flask's own: serves the calls of the lane, hands everything else on."""

    def __init__(self, app: Flask) -> None:
        self._app, self._beyond = app, app.wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve a call of the lane whose body has a length; hand everything else on."""
        path = environ.get("PATH_INFO", "")
        found = find(environ["REQUEST_METHOD"], path)
        if found is None or environ.get("QUERY_STRING") or not environ.get("CONTENT_LENGTH", "").isdecimal():
            return self._beyond(environ, start_response)
        with self._app.app_context():
            safety.name_request(environ.get("HTTP_X_REQUEST_ID", ""))
            status, headers, content = self._answer(*found, environ)
            secure = environ.get("wsgi.url_scheme") == "https"
            said = {**safety.standing_headers(secure), "Cache-Control": "no-store", **headers}
            said |= {"Content-Length": str(len(content)), "X-Request-ID": g.request_id}
            safety.note(found[0].method, found[0].path, path, status)
        start_response(STATUS_LINES[status], list(said.items()))
        return [content]

    def _answer(self, one: Express, ids: dict[str, UUID], environ: dict[str, Any]) -> Answered:
        try:
            answer = self._serve(one, ids, environ)
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                self._app.logger.exception("unhandled", exc_info=error)
                if self._app.config.get("PROPAGATE_EXCEPTIONS"):
                    raise
            return _told(problem or FAILED)
        return answer.status, {"Content-Type": "application/json", **answer.headers}, answer.content()

    @staticmethod
    def _serve(one: Express, ids: dict[str, UUID], environ: dict[str, Any]) -> Json:
        length = int(environ["CONTENT_LENGTH"])
        raw = checked_body(
            environ.get("CONTENT_TYPE", ""), length, one.most_bytes, lambda: _read(environ["wsgi.input"], length)
        )
        g.bearer = read_bearer(environ.get("HTTP_AUTHORIZATION", ""))
        g.named = Named(one.method, environ["PATH_INFO"], environ.get("HTTP_IDEMPOTENCY_KEY"))
        return serve_in_scope(lambda: one.view(body=parse_body(one.body, raw), **ids), one.allow, g.bearer)


def _read(stream: Any, length: int) -> bytes:
    """Read as much as was announced; raises Problem 400 where a caller breaks off."""
    raw: bytes = stream.read(length)
    if len(raw) < length:
        raise Problem(400, "malformed", "The body ends too soon")
    return raw


def _told(problem: Problem) -> Answered:
    said = Json(problem.body()).content()
    return problem.status, {"Content-Type": "application/problem+json", **problem.headers}, said


def install(app: Flask) -> None:
    """Put the lane before the application's own way."""
    app.wsgi_app = Lane(app)  # type: ignore[method-assign]
