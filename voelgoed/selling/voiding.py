"""What every deed that takes tickets back does to them: held, voided, told, their places freed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import insert, select

from voelgoed.checkout.availability import tell_availability
from voelgoed.checkout.checkout import Hold, HoldEnd, HoldLine
from voelgoed.checkout.pools import move
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.signals import announce
from voelgoed.foundation.web import Problem
from voelgoed.selling.gate_pass import pools_given
from voelgoed.selling.reserve import pools_reserved
from voelgoed.ticketing.entered import has_entered
from voelgoed.ticketing.ticket import Ticket, TicketVoid

ADMITTED = "Only a manager may give it back. Nothing was changed."


def hold_tickets(ticket_ids: Collection[UUID]) -> list[Ticket]:
    """Hold tickets to the commit, in order of id; raises Problem 409 `already_void` when one lets nobody in any more.

    Wholly, so that an admission waits and then sees the void, or is seen here. The sale is locked before them.
    """
    if not ticket_ids:
        return []
    held = select(Ticket).where(Ticket.id.in_(ticket_ids)).order_by(Ticket.id).with_for_update()
    tickets = list(db.session.scalars(held.execution_options(populate_existing=True)))
    point("void.tickets_held")
    void = select(Ticket.serial).join(TicketVoid, TicketVoid.ticket_id == Ticket.id).where(Ticket.id.in_(ticket_ids))
    if gone := sorted(db.session.scalars(void)):
        which = f"{', '.join(gone[:5])}{' and more' if len(gone) > 5 else ''}: void already."
        raise Problem(409, "already_void", "This ticket is void already", f"{which} Nothing was changed or given back.")
    return tickets


def refuse_admitted(tickets: Sequence[Ticket], words: str = ADMITTED) -> None:
    """Raise Problem 403 `admitted` when somebody went in with one of these tickets, which must be held."""
    inside = [one.serial for one in tickets if has_entered(one.id)]
    if inside:
        raise Problem(403, "admitted", "Somebody went in with this ticket", f"{', '.join(inside[:5])}. {words}")


def void_tickets(tickets: Sequence[Ticket], cause: Literal["void", "refunded"], reason: str, actor: str) -> None:
    """Void tickets that are held; announces `ticket.voided` for each."""
    if not tickets:
        return
    voids = [{"ticket_id": one.id, "cause": cause, "reason": reason, "actor": actor} for one in tickets]
    db.session.execute(insert(TicketVoid), voids)
    for one in tickets:
        announce("ticket.voided", ticket_id=one.id, event_id=one.event_id)


def free_places(tickets: Sequence[Ticket]) -> None:
    """Give the places of void tickets back to the pools that their sale took them from; the last thing to be done."""
    point("void.before_pools")
    move(_places(tickets))
    for event_id in {one.event_id for one in tickets}:
        tell_availability(event_id)


def _places(tickets: Sequence[Ticket]) -> Counter[UUID]:
    bodies: Counter[UUID | None] = Counter()
    for one in tickets:
        bodies[one.checkout_line_id] += one.bodies
    sold_from = (
        select(HoldLine.pool_id, HoldLine.checkout_line_id)
        .join(Hold, Hold.id == HoldLine.hold_id)
        .join(HoldEnd, HoldEnd.hold_id == Hold.id)
        .where(HoldLine.checkout_line_id.in_([line for line in bodies if line]), HoldEnd.how == "converted")
    )
    freed: Counter[UUID] = Counter()
    for pool_id, line_id in db.session.execute(sold_from):
        freed[pool_id] -= bodies[line_id]
    unsold = {one.id: one.bodies for one in tickets if one.checkout_line_id is None}
    for ticket_id, pool_id in (*pools_reserved(unsold), *pools_given(unsold)):
        freed[pool_id] -= unsold[ticket_id]
    return freed
