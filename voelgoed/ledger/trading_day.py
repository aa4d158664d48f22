"""The trading day: it ends at five in the morning at the venue, so that a night belongs to one day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ENDS_AT = timedelta(hours=5)


def trading_day(moment: datetime, timezone: str) -> date:
    """Return the trading day of a moment, by the venue's clock on the wall."""
    # Wall clocks are compared without their zone: on the night of a change of time an hour is not missing.
    return (moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None) - ENDS_AT).date()
