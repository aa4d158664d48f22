"""Keying in what a reserve book sold, and closing it: each shown in figures before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar
from uuid import UUID, uuid4

from flask import request
from pydantic import Field, StringConstraints

from voelgoed.boxoffice.pages import pages
from voelgoed.boxoffice.reserve_pages import book_page
from voelgoed.boxoffice.reserve_shelf import not_keyed_in, standings
from voelgoed.checkout.price import cash_part
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import because, rows
from voelgoed.foundation.web import Answer, Form, Page, Problem, Redirect, blank, read
from voelgoed.foundation.web.fields import Asked, Lines
from voelgoed.payments.capture import Tender, cash_step
from voelgoed.payments.gateways.card import may_be_kept
from voelgoed.selling.asked import Reason
from voelgoed.selling.reserve import ReserveBook
from voelgoed.selling.reserve_close import close_book
from voelgoed.selling.reserve_key_in import KeyIn, key_in
from voelgoed.selling.reserve_serials import NotOfThisBook, read_list, read_serial

T = TypeVar("T")
NONE: frozenset[int] = frozenset()
Serial = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Serials = Annotated[Lines, Field(max_length=2000)]


class KeyInForm(Asked):
    """The first and the last serial, those between that were not sold or spoilt, and how they were paid."""

    first: Serial
    last: Serial
    unsold: Serials = ""
    spoilt: Serials = ""
    gateway: Literal["cash", "card"] = "cash"
    slip: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    sure: bool = False
    key: UUID = Field(default_factory=uuid4)


class CloseForm(Asked):
    """Why it is closed."""

    reason: Reason


@pages.post("/reserve-books/<uuid:book_id>/sales", allow="sell")
def key_in_reserve(book_id: UUID) -> Answer:
    """Key in a range of serials: at first its figures are shown, then it is one sale in the acting person's shift."""
    book = rows(ReserveBook).get(book_id)
    form = read(KeyInForm, request.form)
    asked = _asked(book, form) if form.ok else None
    if asked is None:
        return book_page(book, form, 422)
    try:
        if not form.model.sure:
            return _figures(book, asked, form)
        with db.session.begin_nested():
            made = key_in(asked)
    except Problem as problem:
        return book_page(book, form, problem.status, problem)
    return (
        Redirect("boxoffice.sale", checkout_id=made.id) if made else Redirect("boxoffice.reserve_book", book_id=book_id)
    )


def _asked(book: ReserveBook, form: Form[KeyInForm]) -> KeyIn | None:
    """Read the serials; what is none of this book is told at its field."""
    said = form.model
    first, last = _told(form, "first", 0, read_serial, book), _told(form, "last", 0, read_serial, book)
    unsold, spoilt = _told(form, "unsold", NONE, read_list, book), _told(form, "spoilt", NONE, read_list, book)
    if said.gateway == "card" and not said.slip:
        form.refuse("slip", "The number on the card machine's slip.")
    if said.slip and not may_be_kept(said.slip):
        form.refuse("slip", "That looks like a card's number. Key the number of the slip.")
    if not form.ok:
        return None
    tender = Tender("card", 0, reference=said.slip) if said.gateway == "card" else Tender("cash", 0)
    return KeyIn(book.id, first, last, unsold, spoilt, tender, said.key)


def _told(form: Form[KeyInForm], name: str, else_: T, reader: Callable[[ReserveBook, str], T], book: ReserveBook) -> T:
    try:
        return reader(book, getattr(form.model, name))
    except NotOfThisBook as why:
        form.refuse(name, str(why))
        return else_


def _figures(book: ReserveBook, asked: KeyIn, form: Form[KeyInForm]) -> Answer:
    """Show what it comes to: it is keyed in and taken back to a savepoint, so that whatever refuses is told now."""
    savepoint = db.session.begin_nested()
    try:
        key_in(asked)
    finally:
        savepoint.rollback()
    cents = len(asked.sold) * book.paid_cents
    return Page(
        "boxoffice/reserve_sure.html", book=book, event=book.event, form=form, asked=asked, cents=cents,
        due_cents=cents if asked.tender.gateway == "card" else cash_part(cents, cash_step()),
        currency=book.event.currency,
    )  # fmt: skip


@pages.get("/reserve-books/<uuid:book_id>/close", allow="reserve.write")
def ask_close_reserve(book_id: UUID) -> Answer:
    """Show what closing a book makes void, and ask why."""
    return _close_page(rows(ReserveBook).get(book_id), blank())


def _close_page(book: ReserveBook, form: Form[CloseForm], status: int = 200) -> Answer:
    return Page("boxoffice/reserve_close.html", status, book=book, event=book.event, form=form,
                stands=standings([book])[0], inside=not_keyed_in(book), currency=book.event.currency)  # fmt: skip


@pages.post("/reserve-books/<uuid:book_id>/closures", allow="reserve.write")
def close_reserve(book_id: UUID) -> Answer:
    """Close a book: what was never sold is void and its places are free."""
    book = rows(ReserveBook).get(book_id)
    form = read(CloseForm, request.form)
    if not form.ok:
        return _close_page(book, form, 422)
    with because(form.model.reason):
        close_book(book, form.model.reason)
    return Redirect("boxoffice.reserve_book", book_id=book.id)
