"""Gate passes of an event as a page and a file."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from voelgoed.catalog.event import Event
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Answer, Page, Pages, identity, read
from voelgoed.foundation.web.fields import Asked
from voelgoed.reports.export import sheet
from voelgoed.reports.gate_passes import COLUMNS, page_of, pass_rows, pass_totals
from voelgoed.reports.journal_pages import here

pages = Pages("gate_passes", __name__)


class Older(Asked):
    """Where the next page begins."""

    before: UUID | None = None


@pages.get("/events/<uuid:event_id>/gate-passes", allow="gate.pass.read")
def index(event_id: UUID) -> Answer:
    """List who was let in for nothing at the gates of an event, and add it up."""
    event, form = rows(Event).get(event_id), read(Older, request.args)
    told, last = page_of(event, form.model.before if form.ok else None)
    formats = {one: url_for(".export", format=one, event_id=event.id, **here(before=None)) for one in ("csv", "xlsx")}
    return Page(
        "reports/gate_passes.html", event=event, told=told, totals=pass_totals(event), export=formats,
        following=url_for(".index", event_id=event.id, **here(before=last)) if last else None, names=_names(),
    )  # fmt: skip


@pages.get("/events/<uuid:event_id>/gate-passes.<any(csv, xlsx):format>", allow="gate.pass.read")
def export(event_id: UUID, format: str) -> Answer:
    """Return the same as a file; holders' names only for who may look customers up, or gives passes."""
    event = rows(Event).get(event_id)
    return sheet("gate-passes", format, COLUMNS, pass_rows(event, names=_names()))


def _names() -> bool:
    return identity().may("customer.find") or identity().may("gate.pass")
