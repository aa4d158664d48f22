"""Logs: one line an event, JSON for machines, with the request's id in each."""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
REQUESTS = "voelgoed.request"
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


def say_request(request: str, method: str, path: str, status: int, ms: float) -> None:
    """Say that a request was answered: the line of which there are most, so that no machinery stands before it."""
    log, root = logging.getLogger(REQUESTS), logging.getLogger()
    lines = root.handlers[0] if len(root.handlers) == 1 and not log.handlers else None
    if not isinstance(lines, _Lines) or not lines.as_json:
        structlog.get_logger(REQUESTS).info("request", method=method, path=path, status=status, ms=ms)
    elif log.isEnabledFor(logging.INFO):
        lines.say({"method": method, "path": path, "status": status, "ms": ms, "event": "request",
                   "request": request, "level": "info", "logger": REQUESTS,
                   "timestamp": datetime.now(UTC).isoformat()[: -len("+00:00")] + "Z"})  # fmt: skip


class _Lines(logging.StreamHandler[Any]):
    """What `configure` adds; its class tells it apart, so that a second application adds nothing twice."""

    def __init__(self, as_json: bool) -> None:
        super().__init__(sys.stderr)
        self.as_json = as_json
        self.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=_rendering(as_json)))

    def say(self, line: dict[str, Any]) -> None:
        """Write one line of JSON as it is."""
        with suppress(OSError):  # nobody reads the log any more
            self.stream.write(json.dumps(line) + self.terminator)
            self.flush()


def _rendering(as_json: bool) -> list[Any]:
    without_own_notes = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if as_json:
        # Never the frames' variables: among them are passwords and codes.
        told = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
        return [without_own_notes, told, structlog.processors.JSONRenderer()]
    return [without_own_notes, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
