"""The PDF of a large sale: drawn by a job, kept sealed for a day, for it holds codes that are stored nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped

from voelgoed.boxoffice.invoice_paper import paper_of
from voelgoed.boxoffice.invoice_pdf import pdf_of
from voelgoed.boxoffice.shown import show
from voelgoed.checkout.checkout import Checkout, CheckoutLine
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.resource import Resource, Sealed, binary, moment, refers, small
from voelgoed.foundation.tenancy import children, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.selling.told import tickets_of

AT_ONCE = 30
"""Tickets that a request may draw itself."""
FEW, MANY = 3, 8
"""Tickets to a sheet: of a small sale, and of a large one."""
KEPT = timedelta(days=1)
TASK = "voelgoed.boxoffice.paper_file.draw"


class PaperFile(
    Resource, unaudited="derived: drawn again from the sale whenever it is asked for", exclude=("content_sealed",)
):
    """A PDF that was asked for, with so many tickets to a sheet; without `made_at` a job is at it."""

    checkout_id: Mapped[UUID] = refers("checkout")
    per_sheet: Mapped[int] = small(default=FEW)
    content_sealed: Mapped[bytes | None] = binary()
    made_at: Mapped[datetime | None] = moment(nullable=True)
    content = Sealed("content_sealed")


def is_large(sale: Checkout) -> bool:
    """Say whether a sale has more tickets than a request should draw."""
    count = select(func.sum(CheckoutLine.quantity)).where(CheckoutLine.checkout_id == sale.id)
    return int(db.session.scalar(count) or 0) > AT_ONCE


def sale_pdf(sale: Checkout, per_sheet: int | None = None) -> bytes:
    """Draw a sale's paper of money and its tickets as one file; those of a large sale eight to a sheet."""
    own, large = rows(Organization).one(), is_large(sale)
    if large:  # a transaction may wait while so many codes are drawn
        db.session.execute(select(func.set_config("idle_in_transaction_session_timeout", "5min", True)))
    comp = sale.channel == "comp"
    papers = [] if comp else [paper_of(sale)]
    title = "Tickets" if comp else f"Sale {sale.number}"
    return pdf_of(papers, show(tickets_of(sale)), own.name, title, per_sheet or (MANY if large else FEW))


def name_of(sale: Checkout) -> str:
    """Return what a sale's file is called."""
    return f"sale-{sale.number}.pdf" if sale.number else "tickets.pdf"


def ask_for(sale: Checkout, per_sheet: int = MANY) -> PaperFile:
    """Have a sale's file drawn by a job, or return the one that is on its way; old ones go."""
    rows(PaperFile).filter(PaperFile.created_at < now() - KEPT).delete(synchronize_session=False)
    found = children(sale, PaperFile).order_by(PaperFile.id.desc()).first()
    if found is not None and found.made_at is None:
        return found
    made = PaperFile(checkout_id=sale.id, per_sheet=per_sheet)
    db.session.add(made)
    db.session.flush()
    enqueue("maintenance", TASK, about=made.id, file_id=made.id)
    return made


def draw(file_id: UUID) -> None:
    """Draw a file that was asked for, once."""
    found = rows(PaperFile).filter(PaperFile.id == file_id).first()
    if found is None or found.made_at is not None:
        return
    found.content, found.made_at = sale_pdf(rows(Checkout).get(found.checkout_id), found.per_sheet), now()
