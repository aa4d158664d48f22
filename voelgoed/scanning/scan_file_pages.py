"""Taking in the files of phones that get no network any more."""

from __future__ import annotations

from uuid import UUID

from flask import request

from voelgoed.catalog.event import Event
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Page, Pages
from voelgoed.scanning.scan_file import NotTaken, take_in

pages = Pages("scan_files", __name__)


@pages.get("/events/<uuid:event_id>/scan-files", allow="gate.decide")
def index(event_id: UUID) -> Answer:
    """Ask for a file."""
    return Page("scanning/scan_file.html", event=rows(Event).get(event_id))


@pages.post("/events/<uuid:event_id>/scan-files", allow="gate.decide")
def take(event_id: UUID) -> Answer:
    """Take a file in, and say what became of it."""
    event = rows(Event).get(event_id)
    sent = request.files.get("file")
    found = take_in(event, sent.read()) if sent else NotTaken("Choose the file first.")
    if isinstance(found, NotTaken):
        return Page("scanning/scan_file.html", 422, event=event, problem=found.reason)
    return Page("scanning/scan_file.html", event=event, batch=found)
