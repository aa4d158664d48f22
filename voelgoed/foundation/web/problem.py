"""Problems: RFC 9457 for programs, a page with what to do for people."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

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


def _from_http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    word = (error.name or "refused").lower().replace(" ", "_")
    headers = {"Allow": ", ".join(error.valid_methods or ())} if hasattr(error, "valid_methods") else {}
    return respond(Problem(error.code, word, detail=None, headers=headers))


def _does_not_fit(error: DataError) -> Response:
    """Refuse a value that no form caught and no column holds: too large a number, a character that is none."""
    current_app.logger.warning("a value does not fit its column: %s", type(error.orig).__name__)
    return respond(Problem(422, "invalid", detail="A value does not fit. Nothing was changed."))


def _database_away(error: OperationalError | PoolTimeout) -> Response:
    """Ask to come again: the database is away, too slow, or everybody's connections are taken.

    It may have committed and been cut off before it said so: then a key tells the second try that it was done.
    """
    current_app.logger.warning("the database did not answer: %s", type(getattr(error, "orig", error)).__name__)
    detail = "The database did not answer in time. Try again; what was sent under a key is done once."
    return respond(Problem(503, "busy", detail=detail, headers={"Retry-After": "1"}))


def install(app: Flask) -> None:
    """Answer every refusal and every failure with a problem."""
    app.register_error_handler(Problem, respond)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(DataError, _does_not_fit)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)

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
