"""Acting outside one organization: explicit, with a reason, and in the trail before the first row is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, has_request_context
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from voelgoed.foundation.tenancy.door import door
from voelgoed.foundation.tenancy.scope import Actor


class NotHere(RuntimeError):
    """The tenant rule may be skipped on the command line and in jobs, never while a request is served."""


@contextmanager
def skip_tenant_rule(*, reason: str, actor: Actor | None = None) -> Iterator[Session]:
    """Open a read-only session over all organizations, as `voelgoed_report`; the platform's trail says who and why."""
    if has_request_context():
        raise NotHere("skip_tenant_rule is not for requests")
    if not reason.strip():
        raise ValueError("say why the tenant rule is skipped")
    actor = actor or Actor("system", None, "operator")
    with door(actor) as opened:
        opened.call("record_skip", reason=reason)
    # One view of the data for all that is read: work that goes on meanwhile must not look like a violation.
    engine = create_engine(current_app.config["DATABASE_REPORT_URL"], isolation_level="REPEATABLE READ")
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()
