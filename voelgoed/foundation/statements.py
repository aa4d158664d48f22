"""Statements that come again and again: each connection keeps them prepared, with the plan that was made once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from psycopg import Connection

KEPT = 300
"""psycopg keeps 100, fewer than the statements of a sale and its pages: each would push the next one out."""

SEEN = 1
"""So often a statement is sent before it is prepared. psycopg waits for five, on each connection: a sale's longest take
longer to plan than to run."""


def remember(engine: Engine, pooled: bool = False) -> None:
    """Have every connection of this engine keep its prepared statements and their plans.

    Behind a `pooled` database none is: the pooler gives each transaction another connection, which would not know a
    statement that was prepared on the last, and a setting of the session would stay with whoever comes next.
    """
    event.listen(engine, "connect", _prepare_none if pooled else _prepare)
    if is_green():
        event.listen(engine, "do_connect", _connect)


def is_green() -> bool:
    """Say whether gevent has patched this process, whose greenlets then share its thread."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("select"))


def _connect(_dialect: object, _record: object, given: list[Any], more: dict[str, Any]) -> Connection[Any]:
    from voelgoed.foundation.green import GreenConnection

    return GreenConnection.connect(*given, **more)


def _prepare_none(connection: Connection[Any], _record: object) -> None:
    connection.prepare_threshold = None


def _prepare(connection: Connection[Any], _record: object) -> None:
    connection.prepared_max, connection.prepare_threshold = KEPT, SEEN
    # The tenant stands in a setting, so no plan can be better for one organization than for another; planning anew
    # took longer than most statements. Plans are made again after each ANALYZE.
    connection.autocommit = True  # a transaction that ended otherwise would take the setting back
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.autocommit = False
