"""Tickets at the box office: found, shown, printed, drawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.shown import show, times_printed
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, File, Page, Problem, Redirect, blank, identity
from voelgoed.selling.told import tickets_of
from voelgoed.ticketing.codes import code_of, qr_png
from voelgoed.ticketing.entered import has_entered
from voelgoed.ticketing.find import MOST, find_tickets
from voelgoed.ticketing.ticket import Reissue, Ticket, TicketPrint

FORMATS = ("a4", "slip")


@pages.get("/find", allow="ticket.find")
def find() -> Answer:
    """Find tickets; a scanned code opens its ticket at once."""
    typed = request.args.get("q", "")[:200]
    found = find_tickets(typed)
    if len(found) == 1 and typed.upper().startswith("VG1."):
        return Redirect("boxoffice.ticket", ticket_id=found[0].id)
    template = "boxoffice/_found.html" if request.headers.get("HX-Request") else "boxoffice/find.html"
    return Page(template, q=typed, found=show_each(found), more=len(found) == MOST)


def show_each(tickets: Any) -> list[Any]:
    """Show tickets of any events, in their order."""
    by_event: dict[UUID, list[Ticket]] = {}
    for one in tickets:
        by_event.setdefault(one.event_id, []).append(one)
    shown = {one.ticket.id: one for group in by_event.values() for one in show(group)}
    return [shown[one.id] for one in tickets]


@pages.get("/tickets/<uuid:ticket_id>", allow="ticket.find")
def ticket(ticket_id: UUID) -> Answer:
    """Show a ticket with what was done to it and what may be done."""
    return ticket_page(rows(Ticket).get(ticket_id), blank())


def ticket_page(found: Ticket, form: Any, status: int = 200) -> Page:
    """Make the page of a ticket, with a form that may carry errors."""
    sale = sale_of(found)
    return Page(
        "boxoffice/ticket.html", status, shown=show([found])[0], ticket=found, sale=sale, form=form,
        reissues=children(found, Reissue).order_by(Reissue.version).all(), prints=times_printed(found),
        entered=has_entered(found.id), may_void=identity().may("ticket.void"),
        may_reissue=identity().may("ticket.reissue"), currency=found.event.currency,
    )  # fmt: skip


def sale_of(found: Ticket) -> Checkout | None:
    """Return the sale that a ticket was bought in."""
    if found.checkout_line_id is None:
        return None
    return rows(Checkout).get(rows(CheckoutLine).get(found.checkout_line_id).checkout_id)


@pages.get("/tickets/<uuid:ticket_id>/qr.png", allow="sell")
def qr(ticket_id: UUID) -> Answer:
    """Draw a ticket's code as a picture."""
    return File(qr_png(code_of(rows(Ticket).get(ticket_id))), "image/png")


@pages.get("/tickets/<uuid:ticket_id>/print", allow="sell")
def print_ticket(ticket_id: UUID) -> Answer:
    """Show a ticket as it is printed; once a print is recorded, it says copy."""
    found = rows(Ticket).get(ticket_id)
    return _print_page([found], record=("boxoffice.record_print", {"ticket_id": ticket_id}))


@pages.get("/checkouts/<uuid:checkout_id>/print", allow="sell")
def print_sale(checkout_id: UUID) -> Answer:
    """Show all tickets of a sale as they are printed."""
    sale = rows(Checkout).get(checkout_id)
    return _print_page(tickets_of(sale), record=("boxoffice.record_prints", {"checkout_id": checkout_id}))


def _print_page(tickets: Any, record: tuple[str, dict[str, UUID]]) -> Page:
    shown = show(tickets)
    endpoint, arguments = record
    paper = chosen_format()
    return Page("boxoffice/print.html", shown=shown, format=paper, record=endpoint, record_arguments=arguments)


def chosen_format() -> str:
    """Return the paper that was asked for: an A4 sheet or an 80 mm slip."""
    asked = request.values.get("format", "slip")
    if asked not in FORMATS:
        raise Problem(422, "unknown_format", detail="A ticket is printed as a4 or as slip.")
    return asked


@pages.post("/tickets/<uuid:ticket_id>/prints", allow="sell")
def record_print(ticket_id: UUID) -> Answer:
    """Record that a ticket was printed: the next slip says copy."""
    return _record([rows(Ticket).get(ticket_id)], "boxoffice.ticket", ticket_id=ticket_id)


@pages.post("/checkouts/<uuid:checkout_id>/prints", allow="sell")
def record_prints(checkout_id: UUID) -> Answer:
    """Record that all tickets of a sale were printed."""
    return _record(tickets_of(rows(Checkout).get(checkout_id)), "boxoffice.sale", checkout_id=checkout_id)


def _record(tickets: Any, endpoint: str, **arguments: UUID) -> Answer:
    paper = chosen_format()
    db.session.add_all([TicketPrint(ticket_id=one.id, format=paper) for one in tickets])
    return Redirect(endpoint, **arguments)
