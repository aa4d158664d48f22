"""Kinds of field that forms share: lines of text, money as it is typed, time zones."""

from __future__ import annotations

import re
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

MONEY = re.compile(r"(\d{1,7})(?:[.,](\d{2}))?")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Asked(BaseModel):
    """The base of a form's model: fields that nobody asked for are refused."""

    model_config = ConfigDict(extra="forbid")


def cents_of(typed: object) -> object:
    """Turn `350`, `350.50`, `R 1 200,50` into cents; raises ValueError with words for people."""
    if not isinstance(typed, str):
        return typed
    found = MONEY.fullmatch(re.sub(r"[\s\u2009\u00a0]", "", typed).removeprefix("R"))
    if found is None:
        raise ValueError("An amount like 350 or 350.50.")
    return int(found[1]) * 100 + int(found[2] or 0)


def rands(amount_cents: int) -> str:
    """Write cents as a field shows them: 35000 → 350, 35050 → 350.50."""
    whole, part = divmod(amount_cents, 100)
    return f"{whole}.{part:02d}" if part else str(whole)


def _plain(typed: str) -> str:
    if CONTROL.search(typed):
        raise ValueError("One line of plain text.")
    return typed


def _plain_lines(typed: str) -> str:
    if CONTROL.search(re.sub(r"[\t\r\n]", "", typed)):
        raise ValueError("Plain text.")
    return typed.replace("\r\n", "\n")


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("A time zone like Africa/Johannesburg.")
    return name


Cents = Annotated[int, BeforeValidator(cents_of)]
"""Money typed in units, stored in cents."""
Line = Annotated[str, AfterValidator(_plain)]
"""Text without line breaks or other control characters."""
Lines = Annotated[str, AfterValidator(_plain_lines)]
"""Text of several lines."""
TimeZone = Annotated[str, AfterValidator(_zone)]
"""A name of the tz database."""
