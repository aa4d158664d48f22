"""The door: the one entry without a scope. It calls the door's functions and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from voelgoed.foundation.tenancy.scope import Actor

ANONYMOUS = Actor("anonymous", None, "somebody at the door")


class Door:
    """An open door: each call is one function of the schema `door`, committed when the door closes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def call(self, function: str, **arguments: Any) -> list[Any]:
        """Call `door.<function>` with named arguments; returns its rows."""
        if not function.isidentifier():
            raise LookupError(f"{function} is no function of the door")
        named = ", ".join(f"{name} => :{name}" for name in arguments)
        return list(self._connection.execute(text(f"SELECT * FROM door.{function}({named})"), arguments))  # noqa: S608

    def one(self, function: str, **arguments: Any) -> Any:
        """Call a function and return its first row, or None."""
        found = self.call(function, **arguments)
        return found[0] if found else None


@contextmanager
def door(actor: Actor = ANONYMOUS) -> Iterator[Door]:
    """Open the door for `actor`, whom the trail of the platform names; committed at the end, unless it raised."""
    from voelgoed.foundation.database import db

    said = json.dumps({"kind": actor.kind, "id": str(actor.id) if actor.id else None, "label": actor.label})
    with db.engine.begin() as connection:
        connection.exec_driver_sql("select set_config('app.context', %s, true)", (said,))
        yield Door(connection)
