"""A reserve book as PDF: a cover to count by, then four tickets to a sheet, each with the stub that stays behind."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from voelgoed.boxoffice.invoice_pdf import blank_pdf
from voelgoed.boxoffice.shown import Shown
from voelgoed.boxoffice.ticket_sheet import FACE, MARGIN, WIDTH, say
from voelgoed.foundation.database import db
from voelgoed.foundation.web.words import clock, day, money, plural
from voelgoed.selling.reserve import ReserveBook
from voelgoed.ticketing.codes import qr_png

if TYPE_CHECKING:
    from fpdf import FPDF

TALL, STUB, QR = 64.0, 46.0, 50.0  # mm; four tickets to a sheet
A_SHEET = 4


def book_pdf(book: ReserveBook, shown: Sequence[Shown], organizer: str) -> bytes:
    """Draw a book; returns the file."""
    # A transaction may wait while so many codes are drawn.
    db.session.execute(select(func.set_config("idle_in_transaction_session_timeout", "5min", True)))
    pdf = blank_pdf(f"Reserve book {book.number} of {book.event.name}")
    pdf.set_auto_page_break(False)
    for place, one in enumerate(shown):
        if place % A_SHEET == 0:
            pdf.add_page()
        _ticket(pdf, book, one, organizer, MARGIN + place % A_SHEET * (TALL + 3))
    return bytes(pdf.output())


def _ticket(pdf: FPDF, book: ReserveBook, one: Shown, organizer: str, top: float) -> None:
    pdf.rect(MARGIN, top, WIDTH, TALL)
    pdf.set_dash_pattern(1.5, 1.5)
    pdf.line(MARGIN + STUB, top, MARGIN + STUB, top + TALL)
    pdf.set_dash_pattern()
    _stub(pdf, book, one, top)
    right = MARGIN + WIDTH - QR - 3
    pdf.image(io.BytesIO(qr_png(one.code, scale=4)), right, top + 2, QR, QR)
    pdf.set_xy(right, top + QR + 3)
    pdf.set_font(FACE, "B", 13)
    pdf.cell(QR, 6, one.ticket.serial, align="C")
    pdf.set_xy(MARGIN + STUB + 4, top + 3)
    for words, size, bold in _words(one, organizer):
        if pdf.get_y() > top + TALL - 8:
            break  # long names have used up the room
        say(pdf, words, size, bold, WIDTH - STUB - QR - 12)


def _stub(pdf: FPDF, book: ReserveBook, one: Shown, top: float) -> None:
    """Draw what stays in the book: the serial, the price, and a line for the seller's initials."""
    pdf.set_xy(MARGIN + 3, top + 3)
    say(pdf, one.ticket.serial, 12, True, STUB - 6)
    say(pdf, f"Book {book.number}, {one.type.name}", 9, False, STUB - 6)
    say(pdf, money(book.paid_cents, one.event.currency), 12, True, STUB - 6)
    if one.copy:
        say(pdf, "COPY", 10, True, STUB - 6)
    for words, above in (("Seller's initials", 16.0), ("Cash / card slip", 5.0)):
        line = top + TALL - above
        pdf.line(MARGIN + 3, line, MARGIN + STUB - 3, line)
        pdf.set_xy(MARGIN + 3, line + 0.5)
        say(pdf, words, 7, False, STUB - 6)


def _words(one: Shown, organizer: str) -> list[tuple[str, float, bool]]:
    event, venue = one.event, one.venue
    said = [("COPY", 10.0, True)] if one.copy else []
    said.append((event.name, 15.0, True))
    if event.nature:
        said.append((event.nature, 9.0, False))
    said += [(f"{day(on.date)}, doors {clock(on.doors_at)}, starts {clock(on.starts_at)}", 10.0, True)
             for on in one.days[:3]]  # fmt: skip
    said.append((", ".join(part for part in (venue.name, venue.address) if part), 9.0, False))
    said.append((f"{one.type.name}, {money(one.price_cents, event.currency)}", 11.0, True))
    said.append((f"Lets in {plural(one.ticket.bodies, 'person', 'people')}. Gate: {', '.join(one.gates) or 'any'}. "
                 f"Zone: {', '.join(one.zones) or 'all'}.", 9.0, False))  # fmt: skip
    said.append((f"Organiser: {organizer}", 7.5, False))
    return [*said, (event.conditions[:200], 6.5, False)] if event.conditions else said
