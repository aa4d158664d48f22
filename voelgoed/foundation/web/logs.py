"""Logs: one line an event, JSON for machines, with the request's id in each."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
QUIET = ("werkzeug", "engineio", "socketio", "geventwebsocket", "rq.worker", "alembic")


def configure() -> None:
    """Send every log line to stderr: what commands answer on stdout is read by programs.

    VOELGOED_LOG says `json` or `console`; without it a terminal gets the latter.
    """
    wanted = os.environ.get("VOELGOED_LOG") or ("console" if sys.stderr.isatty() else "json")
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, _Lines)] + [_Lines(wanted == "json")]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Lines(logging.StreamHandler[Any]):
    """What `configure` adds; its class tells it apart, so that a second application adds nothing twice."""

    def __init__(self, as_json: bool) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=_rendering(as_json)))


def _rendering(as_json: bool) -> list[Any]:
    without_own_notes = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if as_json:
        # Never the frames' variables: among them are passwords and codes.
        told = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
        return [without_own_notes, told, structlog.processors.JSONRenderer()]
    return [without_own_notes, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
