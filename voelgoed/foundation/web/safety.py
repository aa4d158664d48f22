"""What every response carries: a policy for content, a request id; and what every form must prove."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import structlog
from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]
from werkzeug.middleware.proxy_fix import ProxyFix

from voelgoed.config import Config
from voelgoed.foundation.web import logs, measure
from voelgoed.foundation.web.blueprint import Slug
from voelgoed.foundation.web.problem import Problem, respond

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
"""What every response carries, beside its request's id."""
TLS_HEADERS = {**HEADERS, "Strict-Transport-Security": "max-age=31536000"}
ID_FORM = re.compile(r"[A-Za-z0-9-]{8,64}")
csrf = CSRFProtect()


def install(app: Flask, config: Config) -> None:
    """Set cookies, proxies, CSRF, request ids and headers."""
    logs.configure()
    app.url_map.converters["slug"] = Slug
    secure = config.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.secret_key_fallbacks) or None,
        SESSION_COOKIE_NAME="__Host-voelgoed" if secure else "voelgoed",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
        WTF_CSRF_HEADERS=["X-CSRF-Token"],
        MAX_CONTENT_LENGTH=12_000_000,
    )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(_begin)  # first, so that a refusal by what follows has its request id too
    csrf.init_app(app)
    app.after_request(_end)
    app.register_error_handler(CSRFError, _no_proof)


def _no_proof(_error: CSRFError) -> Response:
    return respond(
        Problem(
            400,
            "no_proof",
            "The page was open too long",
            "Nothing was changed. Reload the page and try again.",
        )
    )


def _begin() -> None:
    # An outer application context may live longer.
    for found_before in ("identity", "signed_in", "organization", "bearer", "named"):
        g.pop(found_before, None)
    name_request(request.headers.get("X-Request-ID", ""))
    if "\0" in request.path:
        raise Problem(404, "not_found")
    if b"%00" in request.query_string:
        raise Problem(400, "malformed", detail="The address holds a null character.")


def name_request(asked: str) -> None:
    """Give the request its id, the caller's own if it has the form of one, and let its log lines name it."""
    g.request_id = asked if ID_FORM.fullmatch(asked) else uuid4().hex
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def standing_headers(secure: bool) -> Mapping[str, str]:
    """Return what every response carries.

    Where this machine brings an authority of its own, the page that helps to trust it is plain HTTP on the same name.
    """
    return TLS_HEADERS if secure and not current_app.config["VOELGOED"].trust_url else HEADERS


def _end(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-ID"] = g.request_id
    for name, value in standing_headers(request.is_secure).items():
        headers.setdefault(name, value)
    note(request.method, request.url_rule.rule if request.url_rule else "none", request.path, response.status_code)
    return response


def note(method: str, route: str, path: str, status: int) -> None:
    """Count the request and log it: its path without the query; tokens only travel in headers."""
    seconds = time.perf_counter() - g.began
    measure.count(method, route, status, seconds)
    if not path.startswith("/static/"):
        logs.say_request(g.request_id, method, path, status, round(seconds * 1000, 1))
