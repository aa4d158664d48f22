"""Papers of money and tickets as one PDF on A4; fpdf2 is imported when the first is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from voelgoed.boxoffice.invoice_paper import Paper, said_at
from voelgoed.boxoffice.shown import Shown
from voelgoed.boxoffice.ticket_sheet import FACE, HEIGHT, MARGIN, WIDTH, draw_tickets, say
from voelgoed.config import home
from voelgoed.foundation.web.words import day, money

if TYPE_CHECKING:
    from fpdf import FPDF

COLUMNS = (100.0, 40.0, 40.0)


def pdf_of(papers: Sequence[Paper], shown: Sequence[Shown], organizer: str, title: str, per_sheet: int = 3) -> bytes:
    """Draw papers of money, a sheet each, then all tickets with their codes, 3 or 8 to a sheet; returns the file."""
    pdf = blank_pdf(title)
    for paper in papers:
        pdf.add_page()
        _money(pdf, paper)
    draw_tickets(pdf, shown, organizer, per_sheet)
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
