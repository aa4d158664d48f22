"""The check page: whether a phone can be a gate, tested on the phone itself before the doors open."""

from __future__ import annotations

from flask import current_app

from voelgoed.foundation.web import PUBLIC, Answer, Page, Pages
from voelgoed.scanning.scan_page import spoken

pages = Pages("check_page", __name__)


@pages.get("/scan/check", allow=PUBLIC)
def show() -> Answer:
    """Serve the page, the same for everybody; the tests run in it."""
    return Page("scanning/check.html", trust_url=current_app.config["VOELGOED"].trust_url, **spoken())
