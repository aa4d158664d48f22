"""Finding a ticket of an event by its holder's name, for a supervisor at the gate: its state and serial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, select

from voelgoed.catalog.ticket_type import TicketType
from voelgoed.foundation.database import db
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.ticket_block import TicketBlock
from voelgoed.ticketing.find import AFTER_ALL
from voelgoed.ticketing.ticket import Ticket, TicketVoid

MOST = 20


@dataclass(frozen=True)
class Named:
    """A ticket whose holder is known by name; `state` is void, blocked, inside or outside."""

    serial: str
    type: str
    holder: str
    admits: int
    inside: int
    state: str


def by_name(event_id: UUID, typed: str) -> Sequence[Named]:
    """Return the tickets of an event whose holder's name begins so, by name; at most twenty."""
    name = typed.replace("\0", "").strip().lower()
    if not name:
        return []
    inside = select(func.count()).where(Admission.ticket_id == Ticket.id, Admission.closed_at.is_(None))
    void = exists().where(TicketVoid.ticket_id == Ticket.id)
    blocked = exists().where(TicketBlock.ticket_id == Ticket.id, TicketBlock.lifted_at.is_(None))
    found = (
        select(Ticket.serial, TicketType.name, Ticket.holder, Ticket.bodies, inside.scalar_subquery(), void, blocked)
        .join(TicketType, TicketType.id == Ticket.ticket_type_id)
        .where(Ticket.event_id == event_id, Ticket.holder_key >= name, Ticket.holder_key < name + AFTER_ALL)
        .order_by(Ticket.holder_key, Ticket.number)
        .limit(MOST)
        .execution_options(include_archived=True)
    )
    return [_named(*row) for row in db.session.execute(found)]


def _named(serial: str, kind: str, holder: str, admits: int, inside: int, void: bool, blocked: bool) -> Named:
    state = "void" if void else "blocked" if blocked else "inside" if inside else "outside"
    return Named(serial, kind, holder, admits, inside, state)
