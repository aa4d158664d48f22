"""A blocked ticket: nobody enters by it until somebody lifts the block."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import Resource, moment, refers, related, text, written_in
from voelgoed.ticketing.ticket import Ticket


class TicketBlock(
    Resource,
    exclude=("written_in",),
    unique_where={("ticket_id",): "lifted_at IS NULL"},
    indexes=(("ticket_id",), ("event_id", "written_in")),
    checks={"lifted_by_somebody": "(lifted_at IS NULL) = (lifted_by IS NULL)"},
    grants="SELECT, INSERT, UPDATE",
):
    """On the list of the blocked from `blocked_at` until `lifted_at`, for a reason that the gate is told."""

    event_id: Mapped[UUID] = refers("event")
    ticket_id: Mapped[UUID] = refers("ticket", indexed=False)
    reason: Mapped[str] = text(200)
    blocked_at: Mapped[datetime] = moment()
    blocked_by: Mapped[str] = text(400)
    lifted_at: Mapped[datetime | None] = moment(nullable=True)
    lifted_by: Mapped[str | None] = text(400, nullable=True)
    written_in: Mapped[int] = written_in()
    ticket: Mapped[Ticket] = related("ticket_id", "Ticket")
