"""Entry point of the sweeper, for a scheduler that calls it instead of `voelgoed sweep`."""

from voelgoed.foundation.outbox import sweep_once


def sweep() -> int:
    """Send again, or do, what is due; returns the number of rows."""
    return sweep_once()
