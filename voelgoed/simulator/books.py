"""An account's rows in memory: found by id, by what they name and by when they were made."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

Row = dict[str, Any]
NAMED = ("payment_intent", "charge", "source", "reference", "transaction", "type", "status", "_access_code")
"""Fields by which lists may be asked for; `metadata` is indexed name by name."""


class Table:
    """Rows of one kind in the order in which they were made."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.order: list[str] = []
        self.times: list[float] = []
        self._places: dict[str, int] = {}
        self._index: dict[tuple[str, str], dict[str, None]] = {}
        self._marks: dict[str, set[tuple[str, str]]] = {}

    def put(self, row: Row) -> None:
        """Add a row, or take note of what changed in it."""
        name = str(row["id"])
        if name not in self.rows:
            self._places[name] = len(self.order)
            self.order.append(name)
            self.times.append(float(row.get("created") or row.get("_created") or 0))
        self.rows[name] = row
        marks = _marks(row)
        for gone in self._marks.get(name, set()) - marks:
            self._index[gone].pop(name, None)
        for mark in marks - self._marks.get(name, set()):
            self._index.setdefault(mark, {})[name] = None
        self._marks[name] = marks

    def get(self, name: object) -> Row | None:
        """Return the row with this id."""
        return self.rows.get(str(name))

    def find(self, field: str, value: object) -> list[Row]:
        """Return the rows that name this value, in the order in which they came to name it."""
        return [self.rows[name] for name in self._index.get((field, str(value)), ())]

    def newest(self, since: float = 0, until: float = float("inf")) -> list[Row]:
        """Return the rows made from `since` to before `until`, newest first."""
        first, end = bisect_left(self.times, since), bisect_left(self.times, until)
        return [self.rows[name] for name in reversed(self.order[first:end])]

    def place(self, name: str) -> int | None:
        """Return the how manieth row this is, from nought."""
        return self._places.get(name)


def _marks(row: Row) -> set[tuple[str, str]]:
    marks = {(field, str(row[field])) for field in NAMED if row.get(field) is not None}
    metadata = row.get("metadata")
    if isinstance(metadata, dict):
        marks |= {(f"metadata.{name}", str(value)) for name, value in metadata.items()}
    return marks


class Books(dict[str, Table]):
    """All tables of one account, by kind; one that nobody asked for yet is empty."""

    def __missing__(self, kind: str) -> Table:
        self[kind] = table = Table()
        return table
