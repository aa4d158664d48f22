"""Days as the house counts them: until five in the morning it is still yesterday."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from voelgoed.foundation.clock import now
from voelgoed.ledger.trading_day import trading_day

ZONE = "Africa/Johannesburg"


def noon(days: int) -> datetime:
    """Return the noon of a trading day, so many days before the one that it is now."""
    return datetime.combine(trading_day(now(), ZONE) - timedelta(days=days), time(12), UTC)
