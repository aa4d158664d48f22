"""The one place that commits; what must follow a commit runs here, and only then."""

from __future__ import annotations

import logging
from collections.abc import Callable

from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.tenancy.scope import current_scope

log = logging.getLogger(__name__)


def after_commit(deed: Callable[[], None]) -> None:
    """Do this once the scope's transaction has committed; never when it rolls back. It may be lost in a crash."""
    current_scope().after_commit.append(deed)


def commit() -> None:
    """Commit the scope's transaction, then run what waits for it; a failing follower is logged, never raised."""
    point("boundary.before_commit")
    db.session.commit()
    point("boundary.after_commit")
    scope = current_scope()
    waiting, scope.after_commit = scope.after_commit, []
    for deed in waiting:
        try:
            deed()
        except Exception:  # the work is committed: what follows may be late, but must not undo the answer
            log.exception("a follower of the commit failed")


def rollback() -> None:
    """Give the scope's transaction up, with everything that waited for its commit."""
    current_scope().after_commit.clear()
    db.session.rollback()
