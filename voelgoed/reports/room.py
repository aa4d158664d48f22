"""What this package adds to the application: the trail, and the books."""

from __future__ import annotations

from flask import Flask


def install(app: Flask) -> None:
    """Attach it."""
    from voelgoed.foundation.web import place
    from voelgoed.reports import (
        balance_pages,
        comp_pages,
        gate_pass_pages,
        journal_pages,
        ledger_file_pages,
        manual_pages,
        period_pages,
        price_pages,
        takings_pages,
        tax_pages,
        trail_pages,
    )

    for one in (
        trail_pages, journal_pages, balance_pages, tax_pages, takings_pages, price_pages, period_pages, manual_pages,
        ledger_file_pages, comp_pages, gate_pass_pages,
    ):  # fmt: skip
        app.register_blueprint(one.pages)
    place("Ledger", "ledger.index", "book-open", "ledger.own", 70)
    place("Trail", "trail.index", "history", "trail.read", 80)
