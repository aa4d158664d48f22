"""Holders' names as they are pasted or uploaded: one a line, a ticket type beside each if need be."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from voelgoed.foundation.web.fields import CONTROL

MOST_OF_A_NAME = 120
MOST_OF_A_LINE = 1000
MOST_TOLD = 20
HEADS = {"name", "names", "naam", "name and surname", "holder"}
SEPARATORS = (";", "\t", ",")


@dataclass(frozen=True)
class Seats:
    """So many tickets of one type, to be named."""

    type_id: UUID
    name: str
    quantity: int


@dataclass
class NamesRead:
    """The names by type, and what is wrong with which line (from 1)."""

    names: dict[UUID, list[str]]
    errors: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many names were read."""
        return sum(len(own) for own in self.names.values())

    def wrong(self, line: int, words: str) -> None:
        """Note what is wrong with a line."""
        if len(self.errors) == MOST_TOLD:
            self.errors.append("There is more wrong further down.")
        elif len(self.errors) < MOST_TOLD:
            self.errors.append(f"Line {line}: {words}")


def decoded(raw: bytes) -> str:
    """Read an uploaded file as spreadsheets write it: UTF-8, or else what Windows calls ANSI."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_names(typed: str, seats: Sequence[Seats]) -> NamesRead:
    """Read names: each takes the next ticket without one, or one of the type that stands beside it."""
    read = NamesRead({one.type_id: [] for one in seats})
    by_name = {one.name.casefold(): one for one in seats}
    for line, (name, kind) in _lines(typed):
        if not name:
            read.wrong(line, "no name stands before the ticket type.")
        elif len(name) > MOST_OF_A_NAME or CONTROL.search(name):
            read.wrong(line, f"a name has at most {MOST_OF_A_NAME} characters of plain text.")
        elif kind and kind.casefold() not in by_name:
            read.wrong(line, f"“{kind[:40]}” is no ticket type of this sale ({', '.join(one.name for one in seats)}).")
        elif (wanted := by_name[kind.casefold()] if kind else _next(read, seats)) is None:
            read.wrong(line, f"more names than the {sum(one.quantity for one in seats)} tickets.")
        elif len(read.names[wanted.type_id]) >= wanted.quantity:
            read.wrong(line, f"more names than the {wanted.quantity} tickets of {wanted.name}.")
        else:
            read.names[wanted.type_id].append(name)
    return read


def _lines(typed: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Return (line, (name, type or nothing)); empty lines and a head are passed over."""
    for line, said in enumerate(typed.splitlines(), start=1):
        separator = next((one for one in SEPARATORS if one in said.strip()), ",")
        found = next(csv.reader([said.strip()[:MOST_OF_A_LINE]], delimiter=separator), [])
        cells = [re.sub(r"\s+", " ", cell).strip() for cell in found]
        if not any(cells) or (line == 1 and cells[0].casefold() in HEADS):
            continue
        yield line, (cells[0], next((cell for cell in cells[1:] if cell), ""))


def _next(read: NamesRead, seats: Sequence[Seats]) -> Seats | None:
    return next((one for one in seats if len(read.names[one.type_id]) < one.quantity), None)
