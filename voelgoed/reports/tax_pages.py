"""The VAT summary as a page and a file."""

from __future__ import annotations

from flask import request

from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Answer, Page, Pages, read
from voelgoed.reports.export import sheet
from voelgoed.reports.journal import Days
from voelgoed.reports.journal_pages import asked_for, exports
from voelgoed.reports.own_drawer import named, uncounted
from voelgoed.reports.taxes import COLUMNS, rows_of, vat_summary

pages = Pages("taxes", __name__)


@pages.get("/ledger/vat", allow="ledger.read")
def vat() -> Answer:
    """Show output VAT and sales by rate for a period."""
    form = read(Days, request.args)
    but = uncounted()
    rates = vat_summary(form.model, but) if form.ok else []
    return Page(
        "reports/vat.html", 200 if form.ok else 422, form=form, rates=rates, house=rows(Organization).one(),
        export=exports("taxes.export"), withheld=but,
    )  # fmt: skip


@pages.get("/ledger/vat.<any(csv, xlsx):format>", allow="ledger.read")
def export(format: str) -> Answer:
    """Return the same as a file."""
    but = uncounted()
    return sheet(named("vat", but), format, COLUMNS, [rows_of(vat_summary(asked_for(Days), but))])
