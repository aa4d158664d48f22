"""Problems: RFC 9457 for programs, a page with what to do for people."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from voelgoed.foundation.idempotency import came_between

TITLES = {
    400: "The request is malformed",
    401: "Sign in first",
    403: "Not within your role",
    404: "Nothing here",
    405: "Not that way",
    409: "That cannot be done now",
    413: "Too large",
    415: "Not that kind of content",
    422: "Something needs correcting",
    429: "Too many tries",
    500: "Something failed on our side",
    503: "Busy",
}


class Problem(Exception):
    """A refusal with a clear word: `Problem(409, "sold_out", "Sold out", left={…})`.

    `type` is a short stable word; `errors` maps fields to what is wrong with them.
    """

    def __init__(
        self,
        status: int,
        type: str,
        title: str | None = None,
        detail: str | None = None,
        *,
        errors: dict[str, list[str]] | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(type)
        self.status, self.type, self.detail = status, type, detail
        self.title = title or TITLES.get(status, "Refused")
        self.errors, self.headers, self.extra = errors, headers or {}, extra

    def body(self) -> dict[str, Any]:
        """Return the members of the problem document."""
        said: dict[str, Any] = {"type": self.type, "title": self.title, "status": self.status, **self.extra}
        if self.detail:
            said["detail"] = self.detail
        if self.errors:
            said["errors"] = self.errors
        return said


FAILED = Problem(500, "internal_error", detail="Nothing was changed. Try again, or tell your manager.")


def wants_json() -> bool:
    """Say whether the caller is a program: the API, or a page's script that sends or asks for JSON."""
    if request.path.split("/")[1] == "api" or request.is_json:
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html") != "text/html"


def respond(problem: Problem) -> Response:
    """Make the response for a problem."""
    if wants_json():
        response = make_response(jsonify(problem.body()), problem.status)
        response.mimetype = "application/problem+json"
    else:
        response = make_response(render_template("shared/problem.html", problem=problem), problem.status)
    response.headers.update({"Cache-Control": "no-store", **problem.headers})
    return response


def problem_of(error: Exception) -> Problem | None:
    """Return the refusal that an error amounts to; None where it is a failure of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException) and error.code is not None and error.code >= 400:
        word = (error.name or "refused").lower().replace(" ", "_")
        headers = {"Allow": ", ".join(error.valid_methods or ())} if hasattr(error, "valid_methods") else {}
        return Problem(error.code, word, headers=headers)
    if isinstance(error, IntegrityError) and came_between(error):
        detail = "The first request is being worked on."
        return Problem(409, "in_progress", detail=detail, headers={"Retry-After": "1"})
    if isinstance(error, DataError):  # too large a number, a character that is none: no form caught it
        current_app.logger.warning("a value does not fit its column: %s", type(error.orig).__name__)
        return Problem(422, "invalid", detail="A value does not fit. Nothing was changed.")
    if isinstance(error, OperationalError | PoolTimeout):
        # It may have committed and been cut off before it said so: then a key tells the second try that it was done.
        current_app.logger.warning("the database did not answer: %s", type(getattr(error, "orig", error)).__name__)
        detail = "The database did not answer in time. Try again; what was sent under a key is done once."
        return Problem(503, "busy", detail=detail, headers={"Retry-After": "1"})
    return None


def _refused(error: Exception) -> Response:
    """Answer with the problem, or with the response that an HTTP exception carries."""
    problem = problem_of(error)
    if isinstance(error, HTTPException) and (problem is None or error.response is not None):
        return make_response(error.get_response())
    return respond(problem or FAILED)


def install(app: Flask) -> None:
    """Answer every refusal and every failure with a problem."""
    app.register_error_handler(Problem, respond)
    for kind in (HTTPException, DataError, OperationalError, PoolTimeout):
        app.register_error_handler(kind, _refused)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        app.logger.exception("unhandled", exc_info=error)
        if app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        try:
            return respond(FAILED)
        except Exception:  # what failed may be what every page shows: then the words alone
            app.logger.exception("the page of the failure failed")
            return make_response(f"{FAILED.title}. {FAILED.detail}", 500)

    @app.errorhandler(IntegrityError)
    def came_between(error: IntegrityError) -> Response:
        """Answer the second of two requests under one key at the very same moment; any other is a failure of ours."""
        problem = problem_of(error)
        return failed(error) if problem is None else respond(problem)
