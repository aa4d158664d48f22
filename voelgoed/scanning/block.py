"""Blocking a ticket and lifting the block: a supervisor's deed, by serial or ticket, with a reason for the gate."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal_column, select, update

from voelgoed.catalog.event import Event
from voelgoed.foundation.database import db
from voelgoed.foundation.resource.columns import XACT
from voelgoed.foundation.tenancy import children, current_scope
from voelgoed.foundation.web.problem import Problem
from voelgoed.scanning import tiers
from voelgoed.scanning.ticket_block import TicketBlock
from voelgoed.ticketing.serial import parse
from voelgoed.ticketing.ticket import Ticket


def find(event: Event, typed: str) -> Ticket | None:
    """Return an event's ticket by the serial that was typed."""
    return children(event, Ticket).filter(Ticket.serial == (parse(typed) or typed)).first()


def block(ticket: Ticket, reason: str) -> TicketBlock:
    """Let nobody enter by a ticket any more; raises Problem 409 `already_blocked`."""
    # Scans that are being written hold the ticket: wait for them, and let those that come after find the block.
    db.session.execute(select(Ticket.id).where(Ticket.id == ticket.id).with_for_update())
    if db.session.scalar(select(TicketBlock.id).where(TicketBlock.ticket_id == ticket.id, _active())):
        raise Problem(409, "already_blocked", "That ticket is blocked already", "Nothing was changed.")
    made = TicketBlock(
        event_id=ticket.event_id, ticket_id=ticket.id, reason=reason, blocked_by=current_scope().actor.label,
        blocked_at=db.session.scalars(select(func.clock_timestamp())).one(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    tiers.forget([ticket.id])
    return made


def lift(blocked: TicketBlock) -> None:
    """Let people enter by it again; raises Problem 409 `already_lifted`."""
    values = {
        "lifted_at": func.clock_timestamp(), "lifted_by": current_scope().actor.label,
        "written_in": literal_column(XACT),
    }  # fmt: skip
    mine = update(TicketBlock).where(TicketBlock.id == blocked.id, _active()).values(values)
    lifted = mine.returning(TicketBlock.id).execution_options(synchronize_session=False)
    if db.session.scalar(lifted) is None:
        raise Problem(409, "already_lifted", "It is not blocked any more", "Nothing was changed.")
    tiers.forget([blocked.ticket_id])


def blocks_of(event: Event) -> list[TicketBlock]:
    """Return an event's blocks, those that hold first, the last one first."""
    return children(event, TicketBlock).order_by(TicketBlock.lifted_at.is_not(None), TicketBlock.id.desc()).all()


def _active() -> ColumnElement[bool]:
    return TicketBlock.lifted_at.is_(None)
