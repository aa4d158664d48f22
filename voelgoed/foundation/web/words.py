"""How figures are written: money R350.00, thin groups 4 812, times 17:03, days Tue 24 Nov."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, g

THIN = "\u2009"
SYMBOLS = {"ZAR": "R", "USD": "$", "EUR": "€", "GBP": "£", "NAD": "N$", "BWP": "P"}


def thin(number: int) -> str:
    """Group a whole number by thousands with a thin space: 4 812."""
    return f"{number:,}".replace(",", THIN)


def money(cents: int, currency: str = "ZAR") -> str:
    """Write minor units as money: 35000 → R350.00; a minus stands first."""
    sign = "−" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{thin(whole)}.{part:02d}"


def zone() -> ZoneInfo:
    """Return the time zone that this visitor reads times in."""
    who = g.get("identity") if g else None
    return ZoneInfo(who.timezone if who else "Africa/Johannesburg")


def clock(moment: datetime, seconds: bool = False) -> str:
    """Write the time of day: 17:03."""
    return moment.astimezone(zone()).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(moment: datetime | date) -> str:
    """Write a day: Tue 24 Nov, with the year when it is not this one."""
    local = moment.astimezone(zone()).date() if isinstance(moment, datetime) else moment
    this_year = datetime.now(zone()).year
    return f"{local:%a} {local.day} {local:%b}" + ("" if local.year == this_year else f" {local.year}")


def moment(value: datetime) -> str:
    """Write day and time: Tue 24 Nov 17:03."""
    return f"{day(value)} {clock(value)}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its word: 1 ticket, 2 tickets."""
    return f"{thin(count)} {one if count == 1 else many or one + 's'}"


def install(app: Flask) -> None:
    """Give templates these words as filters."""
    for filter_ in (thin, money, clock, day, moment, plural):
        app.jinja_env.filters[filter_.__name__] = filter_
