"""What a thread sends to PostgreSQL, by whatever way: the ORM, plain SQL, a trip of several statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any
from unittest.mock import patch

import psycopg


@contextmanager
def sent() -> Iterator[list[str]]:
    """Collect this thread's statements, without BEGIN and COMMIT; what other threads do is no part of it."""
    said: list[str] = []
    here = get_ident()

    def noting(send: Callable[..., Any]) -> Callable[..., Any]:
        def noted(cursor: psycopg.Cursor[Any], query: Any, *given: Any, **more: Any) -> Any:
            if get_ident() == here:
                said.append(query.decode() if isinstance(query, bytes) else str(query))
            return send(cursor, query, *given, **more)

        return noted

    with (
        patch.object(psycopg.Cursor, "execute", noting(psycopg.Cursor.execute)),
        patch.object(psycopg.Cursor, "executemany", noting(psycopg.Cursor.executemany)),
    ):
        yield said
