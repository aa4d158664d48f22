"""Health: is the process alive, is it ready, and its figures; for load balancers and for Prometheus."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, jsonify, request
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from voelgoed.foundation.cache.connection import connect
from voelgoed.foundation.database import db
from voelgoed.foundation.schema import stamp
from voelgoed.foundation.web import PUBLIC, Problem
from voelgoed.foundation.web.measure import figures

V = TypeVar("V")
api = Blueprint("health", __name__)


def _open(view: V) -> V:
    view.allow = PUBLIC  # type: ignore[attr-defined]
    return view


@api.get("/healthz")
@_open
def alive() -> Response:
    """Say that this process answers; it asks nobody else."""
    return jsonify({"status": "alive"})


@api.get("/readyz")
@_open
def ready() -> tuple[Response, int]:
    """Say whether work can be done here: the database answers and is at this version. The cache may be away."""
    database, schema = _database()
    cache = _cache()
    able = (database, schema) == ("ok", "ok")
    parts = {"database": database, "schema": schema, "cache": cache}
    status = "ready" if able and cache in ("ok", "none") else "degraded" if able else "unable"
    return jsonify({"status": status, "parts": parts}), 200 if able else 503


def _database() -> tuple[str, str]:
    """Ask for the schema's stamp, as whoever would do work here would have to reach it."""
    try:
        with db.engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT hash FROM schema_stamp").scalar()
    except SQLAlchemyError:
        return "away", "unknown"
    return "ok", "ok" if found == _wanted() else "another version"


def _wanted() -> str:
    wanted: str = current_app.extensions.setdefault("voelgoed_stamp", stamp())
    return wanted


def _cache() -> str:
    url = current_app.config["REDIS_URL"]
    if not url:
        return "none"
    try:
        with connect(url) as cache:
            cache.ping()
    except (RedisError, OSError):
        return "away"
    return "ok"


@api.get("/metrics")
@_open
def metrics() -> Response:
    """Give the figures to whoever has the token, or, where none is set, to this machine alone."""
    if not _may_read_figures():
        raise Problem(404, "not_found")
    return Response(figures(), mimetype="text/plain; version=0.0.4")


def _may_read_figures() -> bool:
    token: str = current_app.config["VOELGOED"].metrics_token
    if token:
        said = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(said.encode(), token.encode())
    # Behind a proxy everybody comes from this machine: then only a token tells who asks.
    local: Any = ip_address(request.remote_addr) if request.remote_addr else None
    return bool(local and local.is_loopback and "X-Forwarded-For" not in request.headers)
