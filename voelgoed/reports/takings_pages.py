"""Takings by gateway and day, as a page and a file."""

from __future__ import annotations

from flask import request

from voelgoed.foundation.web import Answer, Page, Pages, blank, read
from voelgoed.reports.export import sheet
from voelgoed.reports.journal import Days
from voelgoed.reports.journal_pages import asked_for, exports
from voelgoed.reports.own_drawer import named, uncounted
from voelgoed.reports.takings import COLUMNS, rows_of, sums, takings, usual

pages = Pages("takings", __name__)


@pages.get("/ledger/takings", allow="ledger.read")
def index() -> Answer:
    """Show what each gateway brought and gave back, by trading day."""
    form = read(Days, request.args)
    if not form.ok:
        return Page("reports/takings.html", 422, form=form, found=[], sums=[], export=exports("takings.export"))
    asked, but = usual(form.model), uncounted()
    found = takings(asked, but)
    shown = blank(since=asked.since, until=asked.until)
    return Page("reports/takings.html", form=shown, found=found, sums=sums(found), export=exports("takings.export"),
                withheld=but)  # fmt: skip


@pages.get("/ledger/takings.<any(csv, xlsx):format>", allow="ledger.read")
def export(format: str) -> Answer:
    """Return the same as a file."""
    but = uncounted()
    return sheet(named("takings", but), format, COLUMNS, [rows_of(takings(usual(asked_for(Days)), but))])
