"""Comps: tickets given away, by whom, to what end and with whose approval."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.resource import Resource, choice, identifier, integer, refers, related, text

PURPOSES = ("guest", "press", "performer", "sponsor", "competition", "staff", "goodwill", "other")
"""What a comp is for: what reports add up by."""
MOST = 200
"""Tickets given at once."""


class Comp(
    Resource,
    append_only="who gave what to what end is a fact; a void is its ticket's",
    unique=(("checkout_id",),),
    unique_where={("event_id", "giver_id", "own_total"): "own_total IS NOT NULL"},
    checks={
        "some": f"quantity BETWEEN 1 AND {MOST}",
        "within_limit": "(how = 'own') = (own_total IS NOT NULL) AND (how = 'own') = (own_limit IS NOT NULL)"
        " AND coalesce(own_total <= own_limit AND quantity <= own_total AND giver_id IS NOT NULL, true)",
        "approved_by_somebody": "(how = 'approved') = (approver IS NOT NULL)",
    },
):
    """So many tickets of a type, given away: out of the giver's own limit, approved by somebody, or freely.

    `own_total` is what the giver has given of the event out of their limit, this included; `own_limit` what it was.
    """

    event_id: Mapped[UUID] = refers("event")
    checkout_id: Mapped[UUID] = refers("checkout")
    ticket_type_id: Mapped[UUID] = refers("ticket_type")
    quantity: Mapped[int] = integer()
    purpose: Mapped[str] = choice(*PURPOSES)
    reason: Mapped[str] = text(400)
    how: Mapped[str] = choice("own", "approved", "freely")
    giver_id: Mapped[UUID | None] = identifier()
    giver: Mapped[str] = text(400)
    approver_id: Mapped[UUID | None] = identifier()
    approver: Mapped[str | None] = text(400, nullable=True)
    own_total: Mapped[int | None] = integer(nullable=True)
    own_limit: Mapped[int | None] = integer(nullable=True)
    event: Mapped[Event] = related("event_id", "Event")
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")
    ticket_type: Mapped[TicketType] = related("ticket_type_id", "TicketType")


class CompCount(Resource, unaudited="a counter that the comps recount", unique=(("event_id", "giver_id"),)):
    """How many tickets of an event somebody has given away out of their own limit; a void gives none of it back."""

    event_id: Mapped[UUID] = refers("event")
    giver_id: Mapped[UUID] = identifier(nullable=False)
    given: Mapped[int] = integer(default=0)
