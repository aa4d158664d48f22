"""Papers of money and tickets as one PDF on A4; fpdf2 is imported when the first is drawn."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from voelgoed.boxoffice.invoice_paper import Paper, said_at
from voelgoed.boxoffice.shown import Shown
from voelgoed.config import home
from voelgoed.foundation.web.words import clock, day, money, plural
from voelgoed.ticketing.codes import qr_png

if TYPE_CHECKING:
    from fpdf import FPDF

FACE = "Atkinson"
MARGIN, WIDTH, HEIGHT = 15.0, 180.0, 267.0
TICKET_HEIGHT, QR = 86.0, 62.0  # mm; three tickets to a sheet
COLUMNS = (100.0, 40.0, 40.0)


def pdf_of(papers: Sequence[Paper], shown: Sequence[Shown], organizer: str, title: str) -> bytes:
    """Draw papers of money, a sheet each, then all tickets with their codes; returns the file."""
    pdf = blank_pdf(title)
    for paper in papers:
        pdf.add_page()
        _money(pdf, paper)
    for place, one in enumerate(shown):
        if place % 3 == 0:
            pdf.add_page()
        _ticket(pdf, one, organizer, MARGIN + place % 3 * (TICKET_HEIGHT + 4))
    return bytes(pdf.output())


@lru_cache(maxsize=1)
def _font_files() -> tuple[str, str]:
    folder = home() / "static/vendor/atkinson"
    return str(folder / "print-regular.ttf"), str(folder / "print-bold.ttf")


def blank_pdf(title: str) -> FPDF:
    """Begin a file of A4 sheets in our typeface."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    regular, bold = _font_files()
    pdf.add_font(FACE, "", regular)
    pdf.add_font(FACE, "B", bold)
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(True, MARGIN)
    pdf.set_title(title)
    pdf.set_lang("en")
    return pdf


def say(pdf: FPDF, words: str, size: float = 11, bold: bool = False, width: float = WIDTH, **more: Any) -> None:
    """Write words on lines of their own, from where the pen stands; `size` is in points, `width` in mm."""
    pdf.set_font(FACE, "B" if bold else "", size)
    pdf.multi_cell(width, size * 0.48, words, new_x="LEFT", new_y="NEXT", align="L", **more)


def _money(pdf: FPDF, paper: Paper) -> None:
    if paper.copy:
        pdf.set_font(FACE, "B", 12)
        pdf.cell(WIDTH, 6, "COPY", align="R", new_x="LMARGIN", new_y="TOP")
    say(pdf, paper.heading, 22, bold=True)
    if paper.serial:
        say(pdf, paper.serial, 14, bold=True)
    say(pdf, said_at(paper))
    name, address, vat_number = paper.supplier
    _block(pdf, name, [address, f"VAT number {vat_number}" if vat_number else None])
    if paper.recipient is not None:
        to = paper.recipient
        _block(pdf, f"To: {to.name}", [to.address, f"VAT number {to.vat_number}" if to.vat_number else None])
    elif paper.wanted is not None:
        _block(pdf, "To:", [f"name and address to follow by {day(paper.wanted)}"])
    _block(pdf, None, paper.about)
    pdf.ln(4)
    _table(pdf, paper)


def _block(pdf: FPDF, head: str | None, lines: Sequence[str | None]) -> None:
    pdf.ln(3)
    if head:
        say(pdf, head, bold=True)
    for line in lines:
        if line:
            say(pdf, line)


def _table(pdf: FPDF, paper: Paper) -> None:
    _row(pdf, ("Ticket", "Each", "Total"), bold=True)
    for line in paper.lines:
        each = "" if line.unit_cents is None else money(line.unit_cents, paper.currency)
        named = f"{line.quantity} × {line.name}" if line.quantity else line.name
        _row(pdf, (named, each, money(line.total_cents, paper.currency)))
    for words, cents, whole in paper.amounts:
        _row(pdf, (words, "", money(cents, paper.currency)), bold=whole)


def _row(pdf: FPDF, cells: tuple[str, str, str], bold: bool = False) -> None:
    pdf.set_font(FACE, "B" if bold else "", 11)
    found = pdf.multi_cell(COLUMNS[0], 6.5, cells[0], dry_run=True, output="LINES")
    tall, top = 6.5 * len(found) if isinstance(found, list) else 6.5, pdf.get_y()
    if top + tall > MARGIN + HEIGHT:
        pdf.add_page()
        top = pdf.get_y()
    pdf.multi_cell(COLUMNS[0], 6.5, cells[0], align="L", new_x="RIGHT", new_y="TOP")
    for width, words in zip(COLUMNS[1:], cells[1:], strict=True):
        pdf.cell(width, 6.5, words, align="R", new_x="RIGHT", new_y="TOP")
    pdf.set_xy(MARGIN, top + tall)
    pdf.line(MARGIN, pdf.get_y(), MARGIN + WIDTH, pdf.get_y())


def _ticket(pdf: FPDF, one: Shown, organizer: str, top: float) -> None:
    """Draw a ticket with what SASREA s19(7) asks: the code on the right, the words beside it, cut lines around."""
    pdf.set_auto_page_break(False)
    pdf.rect(MARGIN, top, WIDTH, TICKET_HEIGHT)
    right = MARGIN + WIDTH - QR - 4
    pdf.image(io.BytesIO(qr_png(one.code, scale=4)), right, top + 3, QR, QR)
    pdf.set_xy(right, top + QR + 4)
    pdf.set_font(FACE, "B", 14)
    pdf.cell(QR, 6, one.ticket.serial, align="C")
    pdf.set_xy(MARGIN + 4, top + 4)
    for words, size, bold in _words(one, organizer):
        if pdf.get_y() > top + TICKET_HEIGHT - 16:
            break  # long names have used up the room of the conditions
        say(pdf, words, size, bold, WIDTH - QR - 14)
    pdf.set_auto_page_break(True, MARGIN)


def _words(one: Shown, organizer: str) -> list[tuple[str, float, bool]]:
    event, venue = one.event, one.venue
    said = [(event.name, 17.0, True)]
    if event.nature:
        said.append((event.nature, 10.0, False))
    said += [(f"{day(on.date)}, doors {clock(on.doors_at)}, starts {clock(on.starts_at)}", 11.0, True)
             for on in one.days[:4]]  # fmt: skip
    said.append((", ".join(part for part in (venue.name, venue.address) if part), 10.0, False))
    said.append((f"{one.type.name}, {one.price}", 13.0, True))
    said.append((f"Lets in {plural(one.ticket.bodies, 'person', 'people')}. Gate: {', '.join(one.gates) or 'any'}. "
                 f"Zone: {', '.join(one.zones) or 'all'}.", 10.0, False))  # fmt: skip
    if one.ticket.holder:
        said.append((one.ticket.holder, 10.0, True))
    if one.void is not None:
        said.append(("VOID: this ticket lets nobody in", 12.0, True))
    said.append((f"Organiser: {organizer}", 8.0, False))
    return [*said, (event.conditions[:300], 7.5, False)] if event.conditions else said
