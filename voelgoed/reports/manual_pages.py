"""Entries by hand: a form of lines that must balance, and taking one back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import request
from pydantic import Field, TypeAdapter, ValidationError
from werkzeug.datastructures import MultiDict

from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Form, Page, Pages, Problem, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Cents
from voelgoed.foundation.web.fields import Line as PlainLine
from voelgoed.foundation.web.words import money
from voelgoed.ledger.chart import Heading
from voelgoed.ledger.entry import JournalEntry
from voelgoed.ledger.manual import book_by_hand, headings, take_back
from voelgoed.tills.till import Till

pages = Pages("manual", __name__)
LINES = 8
MONEY: TypeAdapter[int] = TypeAdapter(Cents)


class ManualForm(Asked):
    """The reason and the day; the lines are read beside it."""

    reason: PlainLine = Field(min_length=3, max_length=300)
    day: date | None = Field(default=None, ge=date(2000, 1, 1), le=date(9000, 1, 1))


class ReversalForm(Asked):
    """Why an entry is taken back."""

    reason: PlainLine = Field(min_length=3, max_length=300)


@dataclass
class Typed:
    """One line as typed."""

    account: str = ""
    debit: str = ""
    credit: str = ""


@pages.get("/ledger/new", allow="ledger.write")
def new() -> Answer:
    """Show the form."""
    return _page(blank(), [])


@pages.post("/ledger/new", allow="ledger.write")
def create() -> Answer:
    """Book the entry, or say what is wrong with it."""
    sent = MultiDict({key: request.form[key] for key in ("reason", "day") if key in request.form})
    form = read(ManualForm, sent)
    typed = _typed()
    amounts = _amounts(form, typed)
    if not form.ok:
        return _page(form, typed, 422)
    try:
        entry = book_by_hand(form.model.reason, amounts, form.model.day)
    except Problem as refused:
        form.refuse("day" if refused.type.startswith("day") else "lines", refused.title or "")
        return _page(form, typed, refused.status)
    return Redirect("ledger.entry", entry_id=entry.id)


@pages.post("/ledger/entries/<uuid:entry_id>/reversals", allow="ledger.write")
def reverse(entry_id: UUID) -> Answer:
    """Take an entry by hand back by its mirror."""
    entry = rows(JournalEntry).get(entry_id)
    form = read(ReversalForm, request.form)
    if not form.ok:
        raise Problem(422, "invalid", detail="Say why, in a few words.")
    return Redirect("ledger.entry", entry_id=take_back(entry, form.model.reason).id)


def _page(form: Form[Any], typed: list[Typed], status: int = 200) -> Answer:
    tills = {one.id: one.name for one in rows(Till).including_archived()}
    accounts = [
        (key, f"{one.code} {one.name}" + (f", {tills[one.till_id]}" if one.till_id else ""))
        for key, one in headings().items()
    ]
    shown = typed + [Typed() for _ in range(LINES - len(typed))]
    return Page("reports/manual.html", status, form=form, typed=shown, accounts=accounts)


def _typed() -> list[Typed]:
    columns = (request.form.getlist(name) for name in ("account", "debit", "credit"))
    lines = [Typed(*(cell.strip() for cell in cells)) for cells in zip(*columns, strict=False)]
    return [one for one in lines if one.account or one.debit or one.credit][:LINES]


def _amounts(form: Form[Any], typed: list[Typed]) -> dict[Heading, int]:
    """Return heading → cents; what is wrong with the lines is said at them."""
    known = headings()
    sums: Counter[Heading] = Counter()
    for one in typed:
        try:
            debit, credit = (MONEY.validate_python(cell) if cell else 0 for cell in (one.debit, one.credit))
        except ValidationError:
            form.refuse("lines", "An amount like 350 or 350.50.")
            return {}
        if one.account not in known or bool(debit) == bool(credit):
            form.refuse("lines", "Each line has an account, and an amount on one side.")
            return {}
        sums[known[one.account]] += debit - credit
    if not any(sums.values()):
        form.refuse("lines", "Nothing moves: at least two lines, on two accounts.")
    elif off := sum(sums.values()):
        form.refuse("lines", f"Debits and credits differ by {money(abs(off))}.")
    return dict(sums)
