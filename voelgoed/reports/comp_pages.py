"""Comps of an event as a page and a file."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, Page, Pages, identity, read
from voelgoed.reports.comps import COLUMNS, CompFilter, givers, page_of, rows_of, totals
from voelgoed.reports.export import sheet
from voelgoed.reports.gate_passes import people_let_in
from voelgoed.reports.journal_pages import asked_for, here
from voelgoed.selling.comp import PURPOSES

pages = Pages("comps", __name__)
HOW = (("own", "Out of one's own limit"), ("approved", "Approved by PIN"), ("freely", "By a manager"))


@pages.get("/events/<uuid:event_id>/comps", allow="comp.read")
def index(event_id: UUID) -> Answer:
    """List what was given away of an event, and add it up."""
    event = rows(Event).get(event_id)
    form = read(CompFilter, request.args)
    asked = form.model if form.ok else CompFilter()
    told, last = page_of(event, asked)
    types = children(event, TicketType).including_archived().order_by(TicketType.number)
    choices = {
        "types": [(str(one.id), one.name) for one in types], "givers": [(one, one) for one in givers(event)],
        "purposes": [(one, one.capitalize()) for one in PURPOSES], "hows": HOW,
    }  # fmt: skip
    return Page(
        "reports/comps.html", 200 if form.ok else 422, event=event, form=form, told=told, totals=totals(event, asked),
        following=url_for(".index", event_id=event.id, **here(before=last)) if last else None,
        passes=people_let_in(event), names=identity().may("customer.find"), export=_exports(event), **choices,
    )  # fmt: skip


def _exports(event: Event) -> dict[str, str]:
    asked = here(before=None)
    return {format: url_for(".export", event_id=event.id, format=format, **asked) for format in ("csv", "xlsx")}


@pages.get("/events/<uuid:event_id>/comps.<any(csv, xlsx):format>", allow="comp.read")
def export(event_id: UUID, format: str) -> Answer:
    """Return the same as a file; holders' names only for who may look customers up."""
    event, asked = rows(Event).get(event_id), asked_for(CompFilter)
    return sheet("comps", format, COLUMNS, rows_of(event, asked, names=identity().may("customer.find")))
