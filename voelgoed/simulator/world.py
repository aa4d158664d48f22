"""All that the simulator knows: accounts and their rows, its clock, the faults to come."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from voelgoed.simulator.books import Books, Row
from voelgoed.simulator.courier import Couriers
from voelgoed.simulator.faults import Faults
from voelgoed.simulator.journal import Change, Journal

OURS = ""
"""The name under which the simulator keeps its own rows: accounts, clock."""
CALLS_REMEMBERED = 20_000


class World:
    """One simulator's state; everything that reads or changes rows runs within `deed()`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.faults = Faults()
        self.calls: deque[Row] = deque(maxlen=CALLS_REMEMBERED)
        self.couriers = Couriers(self)
        self._books: dict[str, Books] = {}
        self._changes: list[Change] = []
        self._depth = 0
        self._journal = Journal(folder)
        for account, kind, row in self._journal.read():
            self.books(account)[kind].put(row)
        self.couriers.resume()

    def books(self, account: str) -> Books:
        """Return an account's tables."""
        return self._books.setdefault(account, Books())

    @contextmanager
    def deed(self) -> Iterator[None]:
        """Run alone; when it ends, all that was put is on disk, and then webhooks leave."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    self._write()
                    self.couriers.leave()
                    self._write()

    def _write(self) -> None:
        changes, self._changes = self._changes, []
        self._journal.write(changes)

    def put(self, account: str, kind: str, row: Row) -> Row:
        """Keep a row as it now is."""
        self.books(account)[kind].put(row)
        self._changes.append((account, kind, row))
        return row

    def now(self) -> float:
        """Return the simulator's time: the machine's, moved on by what the control API said."""
        clock = self.books(OURS)["clock"].get("clock")
        return time.time() + (clock["ahead"] if clock else 0)

    def move(self, seconds: float) -> float:
        """Set the clock on; it never goes back, for lists are in the order of time."""
        clock = self.books(OURS)["clock"].get("clock") or {"id": "clock", "ahead": 0.0}
        clock["ahead"] += max(seconds, 0.0)
        self.put(OURS, "clock", clock)
        return self.now()

    def account(self, provider: str, secret_key: str) -> Row:
        """Return the account of a secret key; a key that was never seen opens one."""
        name = f"acct_{hashlib.sha256(f'{provider}:{secret_key}'.encode()).hexdigest()[:16]}"
        found = self.books(OURS)["account"].get(name)
        return found or self.put(OURS, "account", self._opened(name, provider, secret_key))

    def set_up(self, provider: str, secret_key: str, settings: Row) -> Row:
        """Open an account or change it, as the control API and the file of accounts say."""
        with self.deed():
            return self.put(OURS, "account", self.account(provider, secret_key) | settings)

    def accounts(self) -> list[Row]:
        """Return all accounts, oldest first."""
        return list(self.books(OURS)["account"].rows.values())

    @staticmethod
    def _opened(name: str, provider: str, secret_key: str) -> Row:
        return {
            "id": name,
            "provider": provider,
            "secret_key": secret_key,
            "webhook_url": None,
            "webhook_secret": None,
            "refunds": "processed",
            "search_lag": 0,
            "retries": [1, 5, 25],
        }

    def work(self, account: str, deed: str, key: str | None, row: Row, amount: int) -> None:
        """Take note that money was really moved: what a test counts to prove that it happened once."""
        entry = {
            "id": token("work_"),
            "deed": deed,
            "key": key,
            "object": row["id"],
            "amount": amount,
            "metadata": row.get("metadata") or {},
            "at": self.now(),
        }
        self.put(account, "work", entry)

    def reset(self) -> None:
        """Forget everything, on disk too."""
        with self.lock:
            self.couriers.forget()
            self.faults.clear()
            self.calls.clear()
            self._books, self._changes = {}, []
            self._journal.clear()

    def close(self) -> None:
        """Send nothing more and close the journal."""
        self.couriers.forget()
        self._journal.close()


def token(prefix: str, size: int = 24) -> str:
    """Make an id that nobody has seen."""
    return prefix + secrets.token_hex(size // 2)


def shown(value: Any) -> Any:
    """Return a row as others may see it: without the fields that begin with an underscore."""
    if isinstance(value, dict):
        return {
            name: inner if name == "metadata" else shown(inner)
            for name, inner in value.items()
            if not name.startswith("_")
        }
    return [shown(inner) for inner in value] if isinstance(value, list) else value
