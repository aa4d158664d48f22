"""Reserve books of an event: listed, printed before doors, shown with what became of their tickets."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import request
from pydantic import Field

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.reserve_pdf import book_pdf
from voelgoed.boxoffice.reserve_shelf import (
    keyed_from,
    not_keyed_in,
    open_of,
    shelf,
    spoilt_of,
    standings,
    tickets_of_book,
)
from voelgoed.boxoffice.shown import Shown, show
from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.availability import offers
from voelgoed.checkout.fee import Fee
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.web import Answer, File, Form, Page, Problem, Redirect, blank, identity, read
from voelgoed.foundation.web.fields import Asked
from voelgoed.selling.reserve import MOST, ReserveBook
from voelgoed.selling.reserve_print import print_book
from voelgoed.ticketing.ticket import TicketPrint


class BookForm(Asked):
    """Which type, and how many tickets."""

    ticket_type_id: UUID
    quantity: int = Field(ge=1, le=MOST)
    key: UUID = Field(default_factory=uuid4)


@pages.get("/events/<uuid:event_id>/reserve-books", allow="sale.read")
def reserve_books(event_id: UUID) -> Answer:
    """List an event's books, and ask for a new one."""
    return _list(rows(Event).get(event_id), blank(key=str(uuid4()), quantity=40))


@pages.post("/events/<uuid:event_id>/reserve-books", allow="reserve.write")
def make_reserve_book(event_id: UUID) -> Answer:
    """Make a book and show it ready to be printed: its places are taken from now on."""
    event = rows(Event).get(event_id)
    form = read(BookForm, request.form)
    made = _made(event, form) if form.ok else None
    return Redirect("boxoffice.print_reserve_book", book_id=made.id) if made is not None else _list(event, form, 422)


def _made(event: Event, form: Form[BookForm]) -> ReserveBook | None:
    children(event, TicketType).get(form.model.ticket_type_id)
    try:
        with db.session.begin_nested():
            return print_book(event, form.model.ticket_type_id, form.model.quantity, form.model.key)
    except Problem as why:
        form.refuse("quantity", f"{why.title}. {why.detail}")
        return None


def _list(event: Event, form: Form[Any], status: int = 200) -> Page:
    types = [one for one in offers(event) if one.left]
    return Page("boxoffice/reserve_books.html", status, event=event, form=form, books=shelf(event), types=types,
                fees=children(event, Fee).count(), most=MOST)  # fmt: skip


@pages.get("/reserve-books/<uuid:book_id>", allow="sale.read")
def reserve_book(book_id: UUID) -> Answer:
    """Show a book: what was sold from it, who went in with what was not keyed in, and what can be done."""
    return book_page(rows(ReserveBook).get(book_id), blank(key=str(uuid4())))


def book_page(book: ReserveBook, form: Form[Any], status: int = 200, problem: Problem | None = None) -> Page:
    """Make the page of a book, with a form that may carry errors."""
    return Page(
        "boxoffice/reserve_book.html", status, book=book, event=book.event, stands=standings([book])[0], form=form,
        keyed=keyed_from(book), inside=not_keyed_in(book), spoilt=spoilt_of(book), open_serials=open_of(book),
        problem=problem, currency=book.event.currency,
    )  # fmt: skip


@pages.get("/reserve-books/<uuid:book_id>/print", allow="reserve.write")
def print_reserve_book(book_id: UUID) -> Answer:
    """Show a book as it is printed: each ticket with its stub, four to a sheet."""
    book = rows(ReserveBook).get(book_id)
    return Page("boxoffice/reserve_print.html", book=book, event=book.event, shown=shown_of(book))


def shown_of(book: ReserveBook) -> list[Shown]:
    """Return a book's tickets as they are printed, those that are void left out."""
    return [one for one in show(tickets_of_book(book)) if one.void is None]


@pages.post("/reserve-books/<uuid:book_id>/prints", allow="reserve.write")
def record_reserve_print(book_id: UUID) -> Answer:
    """Record that a book was printed: from now on its tickets say copy."""
    book = rows(ReserveBook).get(book_id)
    _record(book)
    return Redirect("boxoffice.reserve_book", book_id=book.id)


@pages.post("/reserve-books/<uuid:book_id>/pdf", allow="reserve.write")
def reserve_book_pdf(book_id: UUID) -> Answer:
    """Draw a book on A4 and record that it was printed."""
    book = rows(ReserveBook).get(book_id)
    drawn = book_pdf(book, shown_of(book), identity().organization)
    _record(book)
    return File(drawn, "application/pdf", f"reserve-book-{book.number}.pdf")


def _record(book: ReserveBook) -> None:
    db.session.add_all([TicketPrint(ticket_id=one.id, format="a4") for one in tickets_of_book(book)])
