"""Tickets on sheets of A4: three large ones, or eight that are cut apart for a group."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voelgoed.boxoffice.shown import Shown
from voelgoed.foundation.web.words import clock, day, plural
from voelgoed.ticketing.codes import qr_png

if TYPE_CHECKING:
    from fpdf import FPDF

FACE = "Atkinson"
MARGIN, WIDTH, HEIGHT = 15.0, 180.0, 267.0
LEAST = 6.5
"""No letters on a ticket are smaller (points)."""


@dataclass(frozen=True)
class Sheet:
    """How tickets lie on a sheet: columns and rows, their size and the code's (mm), and how large their letters are."""

    columns: int
    rows: int
    height: float
    qr: float
    scale: float

    @property
    def width(self) -> float:
        """How wide a ticket is."""
        return WIDTH / self.columns

    def at(self, place: int) -> tuple[float, float]:
        """Return where a ticket lies: from the left, from the top."""
        row, column = divmod(place % (self.columns * self.rows), self.columns)
        return MARGIN + column * self.width, MARGIN + row * (HEIGHT / self.rows)


SHEETS = {3: Sheet(1, 3, 86.0, 62.0, 1.0), 8: Sheet(2, 4, 64.0, 40.0, 0.75)}
"""Tickets to a sheet → how they lie on it."""


def draw_tickets(pdf: FPDF, shown: Sequence[Shown], organizer: str, per_sheet: int) -> None:
    """Draw tickets with their codes, so many to a sheet, cut lines around each."""
    sheet = SHEETS[per_sheet]
    for place, one in enumerate(shown):
        if place % per_sheet == 0:
            pdf.add_page()
        _ticket(pdf, one, organizer, sheet, *sheet.at(place))


def say(pdf: FPDF, words: str, size: float = 11, bold: bool = False, width: float = WIDTH, **more: Any) -> None:
    """Write words on lines of their own, from where the pen stands; `size` is in points, `width` in mm."""
    pdf.set_font(FACE, "B" if bold else "", size)
    pdf.multi_cell(width, size * 0.48, words, new_x="LEFT", new_y="NEXT", align="L", **more)


def _ticket(pdf: FPDF, one: Shown, organizer: str, sheet: Sheet, left: float, top: float) -> None:
    """Draw a ticket with what SASREA s19(7) asks: the code on the right, the words beside it."""
    pdf.set_auto_page_break(False)
    pdf.rect(left, top, sheet.width, sheet.height)
    pad = 4 * sheet.scale
    right = left + sheet.width - sheet.qr - pad
    pdf.image(io.BytesIO(qr_png(one.code, scale=4)), right, top + pad * 0.75, sheet.qr, sheet.qr)
    pdf.set_xy(right, top + sheet.qr + pad)
    pdf.set_font(FACE, "B", 14 * sheet.scale)
    pdf.cell(sheet.qr, 6 * sheet.scale, one.ticket.serial, align="C")
    pdf.set_xy(left + pad, top + pad)
    for words, size, bold in _words(one, organizer):
        if pdf.get_y() > top + sheet.height - 16 * sheet.scale:
            break  # long names have used up the room of the conditions
        say(pdf, words, max(LEAST, size * sheet.scale), bold, right - left - 2.5 * pad)
    pdf.set_auto_page_break(True, MARGIN)


def _words(one: Shown, organizer: str) -> list[tuple[str, float, bool]]:
    event, venue = one.event, one.venue
    said = [(event.name, 17.0, True)]
    if event.rehearsal:
        said.append(("Rehearsal", 12.0, True))
    if event.nature:
        said.append((event.nature, 10.0, False))
    said += [(f"{day(on.date)}, doors {clock(on.doors_at)}, starts {clock(on.starts_at)}", 11.0, True)
             for on in one.days[:4]]  # fmt: skip
    if one.type.validity:
        said.append((f"Lets in {one.type.validity}", 11.0, True))
    said.append((", ".join(part for part in (venue.name, venue.address) if part), 10.0, False))
    said.append((f"{one.type.name}, {one.price}", 13.0, True))
    if one.ticket.holder:
        said.append((one.ticket.holder, 10.0, True))
    said.append((f"Lets in {plural(one.ticket.bodies, 'person', 'people')}. Gate: {', '.join(one.gates) or 'any'}. "
                 f"Zone: {', '.join(one.zones) or 'all'}.", 10.0, False))  # fmt: skip
    if one.void is not None:
        said.append(("VOID: this ticket lets nobody in", 12.0, True))
    said.append((f"Organiser: {organizer}", 8.0, False))
    return [*said, (event.conditions[:300], 7.5, False)] if event.conditions else said
