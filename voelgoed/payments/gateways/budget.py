"""How long calls to a processor may take: together less than the engine's deadline."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

CONNECT = 1.0
ALTOGETHER = 1.8
LEAST = 0.05


@dataclass
class Budget:
    """Seconds that one deed may spend on calls; the clock runs from when it is made."""

    until: float = field(default_factory=lambda: monotonic() + ALTOGETHER)

    def timeouts(self) -> tuple[float, float]:
        """Return the seconds to connect and to read that the next call has."""
        left = max(LEAST, self.until - monotonic())
        connect = min(CONNECT, left)
        return connect, left
