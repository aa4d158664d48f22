"""Days: those still open, with what is in the way of closing them, and those that are closed."""

from __future__ import annotations

from datetime import date

from flask import request

from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Page, Pages, Problem, Redirect, read
from voelgoed.foundation.web.fields import Asked
from voelgoed.ledger.entry import ClosedDay
from voelgoed.ledger.period import close_day, close_days, last_day_over, open_days, people_on_shift

pages = Pages("periods", __name__)
SHOWN = 60


class ClosingForm(Asked):
    """The day that is to be closed, alone or with all before it."""

    day: date
    all: bool = False


@pages.get("/ledger/days", allow="ledger.read")
def index() -> Answer:
    """Show the days that can be closed, and the newest of those that are."""
    over = last_day_over()
    people = people_on_shift()
    waiting = [(day, people.get(day, [])) for day in open_days(over)]
    closed = rows(ClosedDay).order_by(ClosedDay.day.desc()).limit(SHOWN).all()
    return Page("reports/days.html", waiting=waiting, closed=closed, over=over)


@pages.post("/ledger/days", allow="ledger.write")
def close() -> Answer:
    """Close one day for good, or all up to it."""
    form = read(ClosingForm, request.form)
    if not form.ok:
        raise Problem(422, "invalid", errors=form.errors)
    if form.model.all:
        close_days(form.model.day)
    else:
        close_day(form.model.day)
    return Redirect("periods.index")
