"""What every response carries: a policy for content, a request id; and what every form must prove."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
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
ID_FORM = re.compile(r"[A-Za-z0-9-]{8,64}")
csrf = CSRFProtect()
log = structlog.get_logger("voelgoed.request")


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
    asked = request.headers.get("X-Request-ID", "")
    for found_before in ("identity", "signed_in", "organization"):  # an outer application context may live longer
        g.pop(found_before, None)
    g.request_id = asked if ID_FORM.fullmatch(asked) else uuid4().hex
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)
    if "\0" in request.path:
        raise Problem(404, "not_found")
    if b"%00" in request.query_string:
        raise Problem(400, "malformed", detail="The address holds a null character.")


def _end(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-ID"] = g.request_id
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    seconds = time.perf_counter() - g.began
    measure.count(response, seconds)
    if not request.path.startswith("/static/"):
        # The path is logged without its query, and tokens only travel in headers: no secret reaches a log.
        log.info("request", method=request.method, path=request.path, status=response.status_code,
                 ms=round(seconds * 1000, 1))  # fmt: skip
    return response
