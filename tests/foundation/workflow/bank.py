"""A bank outside: it keeps what it did in a file of its own, and knows its work by key."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

from voelgoed.foundation.workflow import Refused

let_go = Event()
"""Set at the end of a test, so that slow charges end."""


class Bank:
    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as book:
            book.execute("CREATE TABLE IF NOT EXISTS deed (kind TEXT, key TEXT)")

    def charge(self, key: str, card: str) -> str:
        """Charge by key: again under the same key is the same charge; after its reversal it is refused."""
        earlier = self._count("asked", key)
        self._note("asked", key)
        if card == "declined" or self._count("reversed", key):
            raise Refused("the card was declined")
        if card == "down" or (card == "flaky" and not earlier):
            raise ConnectionError("no route to the bank")
        if not self._count("charged", key):
            self._note("charged", key)
        if card == "broken":
            raise ConnectionError("the line broke after the charge")
        if card == "slow":
            let_go.wait()
        return f"receipt {key[-1]}"

    def terminal(self, key: str, card: str) -> str | None:
        """Charge at a terminal: the first asking has no answer, nor has any until a `slow` card is `answered`."""
        heard = self._count("answered", key) if card in ("slow chip", "bad chip") else self._count("asked", key)
        if card.endswith("chip") and not heard:
            self._note("asked", key)
            return None
        behind = {"chip": "good", "slow chip": "good", "bad chip": "declined", "torn chip": "down"}
        return self.charge(key, behind.get(card, card))

    def answer(self, key: str) -> None:
        """Have somebody answer at the terminal."""
        self._note("answered", key)

    def reverse(self, key: str) -> None:
        """Take a charge back, once, whether it was made, not made, or still on its way."""
        self._note("asked to reverse", key)
        if not self._count("reversed", key):
            self._note("reversed", key)

    def deeds(self, kind: str) -> dict[str, int]:
        """Count the deeds of a kind by what follows the run's id in their keys."""
        with self._open() as book:
            rows = book.execute("SELECT key, count(*) FROM deed WHERE kind = ? GROUP BY key", (kind,))
            return {key.partition(":")[2]: count for key, count in rows}

    def _count(self, kind: str, key: str) -> int:
        with self._open() as book:
            sql = "SELECT count(*) FROM deed WHERE kind = ? AND key = ?"
            return book.execute(sql, (kind, key)).fetchone()[0]

    def _note(self, kind: str, key: str) -> None:
        with self._open() as book, book:
            book.execute("INSERT INTO deed VALUES (?, ?)", (kind, key))

    def _open(self):
        book = sqlite3.connect(self.path, timeout=60)
        book.execute("PRAGMA synchronous = OFF")  # processes are killed here, not machines
        return closing(book)


_bank: list[Bank] = []


def at(path: Path) -> Bank:
    """Open the bank that the steps of this process use."""
    _bank[:] = [Bank(path)]
    return _bank[0]


def bank() -> Bank:
    return _bank[0]
