"""Discounts and fees as a page and a file."""

from __future__ import annotations

from flask import request

from voelgoed.catalog.event import Event
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Page, Pages, read
from voelgoed.reports.export import sheet
from voelgoed.reports.journal_pages import asked_for, exports
from voelgoed.reports.prices import COLUMNS, SHOWN, PriceFilter, codes, fees, given, persons, rows_of, usual

pages = Pages("prices", __name__)


@pages.get("/ledger/prices", allow="ledger.read")
def index() -> Answer:
    """Show what codes and clerks took off and what fees brought, of the sales paid in a period."""
    form = read(PriceFilter, request.args)
    asked = usual(form.model if form.ok else PriceFilter())
    if form.ok:
        form.values.update(since=asked.since, until=asked.until)
    listed = rows(Event).including_archived().order_by(Event.name)
    return Page(
        "reports/prices.html", 200 if form.ok else 422, form=form, codes=codes(asked), persons=persons(asked),
        given=given(asked), fees=fees(asked), most=SHOWN, events=[(str(one.id), one.name) for one in listed],
        export=exports("prices.export"),
    )  # fmt: skip


@pages.get("/ledger/prices.<any(csv, xlsx):format>", allow="ledger.read")
def export(format: str) -> Answer:
    """Return each code, discount and fee of each sale as a file."""
    return sheet("discounts-and-fees", format, COLUMNS, rows_of(usual(asked_for(PriceFilter))))
