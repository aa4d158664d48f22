"""Counting money: notes and coins of a currency, or a plain amount where they are not known here."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, Field, create_model
from werkzeug.datastructures import MultiDict

from voelgoed.foundation.web import Form, read
from voelgoed.foundation.web.fields import Asked, Cents

NOTES = {"ZAR": (20000, 10000, 5000, 2000, 1000)}
COINS = {"ZAR": (500, 200, 100, 50, 20, 10)}
NOTHING = "Count what is there; type 0 where there is nothing."
MOST = 20_000


def notes(currency: str) -> tuple[int, ...]:
    """Return the notes of a currency in cents, the largest first; none for a currency that is counted as an amount."""
    return NOTES.get(currency, ())


def coins(currency: str) -> tuple[int, ...]:
    """Return the coins of a currency in cents, the largest first."""
    return COINS.get(currency, ())


@cache
def _model(currency: str) -> type[BaseModel]:
    named = [f"p{one}" for one in (*notes(currency), *coins(currency))]
    fields: dict[str, Any] = {name: (int, Field(default=0, ge=0, le=MOST)) for name in named}
    return create_model("Count", __base__=Asked, **(fields or {"amount": (Cents, ...)}))


def read_count(sent: MultiDict[str, str], currency: str) -> Form[Any]:
    """Read how many of each were counted (`p20000` … `p10`, or `amount`); nothing typed at all is no count."""
    names = _model(currency).model_fields
    own = MultiDict([(key, value) for key, value in sent.items() if key in names])
    form: Form[Any] = read(_model(currency), own)
    if not any(form.values.values()):
        form.errors.pop("amount", None)
        form.refuse("count", NOTHING)
    return form


def pieces_of(form: Form[Any]) -> dict[str, int]:
    """Return denomination in cents → how many, as it is stored; empty for a plain amount."""
    return {name[1:]: many for name, many in form.model.model_dump().items() if name != "amount" and many}


def cents_of(form: Form[Any]) -> int:
    """Return what a count comes to in cents."""
    counted = form.model.model_dump()
    return int(counted["amount"]) if "amount" in counted else sum(int(n[1:]) * many for n, many in counted.items())
