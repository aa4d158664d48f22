"""Statements that come again and again: each connection keeps them prepared, with the plan that was made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from psycopg import Connection

KEPT = 300
"""psycopg keeps 100, fewer than the statements of a sale and its pages: each would push the next one out."""


def remember(engine: Engine) -> None:
    """Have every connection of this engine keep its prepared statements and their plans."""
    event.listen(engine, "connect", _prepare)


def _prepare(connection: Connection[Any], _record: object) -> None:
    connection.prepared_max = KEPT
    # The tenant stands in a setting, so no plan can be better for one organization than for another; planning anew
    # took longer than most statements. Plans are made again after each ANALYZE.
    connection.autocommit = True  # a transaction that ended otherwise would take the setting back
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.autocommit = False
