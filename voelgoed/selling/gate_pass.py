"""Gate passes: who was let in for nothing at the gate, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, choice, identifier, integer, refers, related, small, text
from voelgoed.ticketing.ticket import Ticket

MOST = 20
"""People let in by one pass."""


class GatePass(
    Resource,
    append_only="who let whom in for nothing is a fact; a void is its ticket's",
    unique=(("ticket_id",), ("key",)),
    unique_where={("day_id", "giver_id", "own_total"): "own_total IS NOT NULL"},
    checks={
        "some": f"bodies BETWEEN 1 AND {MOST}",
        "within_limit": "(how = 'own') = (own_total IS NOT NULL) AND (how = 'own') = (own_limit IS NOT NULL)"
        " AND coalesce(own_total <= own_limit AND bodies <= own_total AND giver_id IS NOT NULL, true)",
    },
):
    """A ticket for so many people on one day, given at the gate: out of the giver's own limit, or freely.

    `own_total` is how many people the giver has let in so on that day, these included; `own_limit` what it was.
    """

    event_id: Mapped[UUID] = refers("event")
    day_id: Mapped[UUID] = refers("day")
    ticket_type_id: Mapped[UUID] = refers("ticket_type")
    pool_id: Mapped[UUID] = refers("pool")
    ticket_id: Mapped[UUID] = refers("ticket")
    key: Mapped[UUID] = identifier(nullable=False)
    bodies: Mapped[int] = small()
    reason: Mapped[str] = text(400)
    how: Mapped[str] = choice("own", "freely")
    giver_id: Mapped[UUID | None] = identifier()
    giver: Mapped[str] = text(400)
    own_total: Mapped[int | None] = integer(nullable=True)
    own_limit: Mapped[int | None] = integer(nullable=True)
    event: Mapped[Event] = related("event_id", "Event")
    day: Mapped[Day] = related("day_id", "Day")
    ticket_type: Mapped[TicketType] = related("ticket_type_id", "TicketType")
    ticket: Mapped[Ticket] = related("ticket_id", "Ticket")


class GatePassCount(Resource, unaudited="a counter that the gate passes recount", unique=(("day_id", "giver_id"),)):
    """How many people somebody has let in on a day out of their own limit; a void gives none of it back."""

    day_id: Mapped[UUID] = refers("day")
    giver_id: Mapped[UUID] = identifier(nullable=False)
    given: Mapped[int] = integer(default=0)


def pools_given(ticket_ids: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (ticket, pool) for tickets that are gate passes."""
    found = select(GatePass.ticket_id, GatePass.pool_id).where(GatePass.ticket_id.in_(list(ticket_ids)))
    return [(ticket_id, pool_id) for ticket_id, pool_id in db.session.execute(found)]
