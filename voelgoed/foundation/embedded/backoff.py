"""How long to wait before something that ended is started again."""

from __future__ import annotations

FIRST = 0.5
LONGEST = 30.0
STEADY = 60.0


class Backoff:
    """Delays in seconds that double with each quick end and begin again after a steady minute."""

    def __init__(self) -> None:
        self._next = FIRST
        self.ends = 0

    def after(self, lived: float) -> float:
        """Return the delay for something that ran for `lived` seconds."""
        self.ends += 1
        if lived >= STEADY:
            self._next = FIRST
        delay, self._next = self._next, min(self._next * 2, LONGEST)
        return delay
