"""Issuing tickets: serials from the event's series, passes 1…N, one statement per class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from voelgoed.catalog.event import Day
from voelgoed.catalog.ticket_type import Pool, TicketType, TypePool
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.signals import announce
from voelgoed.ticketing.code import minute_of
from voelgoed.ticketing.keys import active_key
from voelgoed.ticketing.serial import letters, serial
from voelgoed.ticketing.ticket import Pass, Ticket, TicketSeries


@dataclass(frozen=True)
class Wanted:
    """So many tickets of a type, for a line of a sale (or for none), and whose they are if that is known."""

    type: TicketType
    quantity: int
    line_id: UUID | None = None
    holder: str | None = None


def issue(event_id: UUID, wanted: Sequence[Wanted]) -> list[UUID]:
    """Issue tickets with their passes; returns their ids in the order of `wanted`.

    From the first statement on it holds the event's series, which every sale wants: issue late. Announces
    `ticket.issued` with the ids.
    """
    key_id = active_key(event_id).id
    masks = _days_masks(one.type.id for one in wanted)
    minute = minute_of(now())
    db.session.flush()
    point("issue.before_series")
    prefix, first = _draw(event_id, sum(one.quantity for one in wanted))
    tickets, passes = [], []
    each = [line for line in wanted for _ in range(line.quantity)]
    for number, line in enumerate(each, start=first):
        ticket_id = uuid7()
        tickets.append({
            "id": ticket_id, "event_id": event_id, "ticket_type_id": line.type.id, "checkout_line_id": line.line_id,
            "signing_key_id": key_id, "number": number, "serial": serial(prefix, number), "code_version": 1,
            "bodies": line.type.bodies, "days_mask": masks[line.type.id], "issued_minute": minute,
            "holder": line.holder,
        })  # fmt: skip
        passes += [{"ticket_id": ticket_id, "number": body} for body in range(1, line.type.bodies + 1)]
    db.session.execute(insert(Ticket), tickets)
    db.session.execute(insert(Pass), passes)
    ids = [UUID(str(one["id"])) for one in tickets]
    announce("ticket.issued", event_id=event_id, ticket_ids=ids)
    return ids


def _days_masks(type_ids: Iterable[UUID]) -> dict[UUID, int]:
    masks: dict[UUID, int] = defaultdict(int)
    statement = (
        select(TypePool.ticket_type_id, Day.number)
        .join(Pool, Pool.id == TypePool.pool_id)
        .join(Day, Day.id == Pool.day_id)
        .where(TypePool.ticket_type_id.in_(set(type_ids)))
    )
    for type_id, number in db.session.execute(statement):
        masks[type_id] |= 1 << number
    return masks


def _draw(event_id: UUID, count: int) -> tuple[str, int]:
    """Take the next numbers of an event's series; returns its letters and the first number."""
    statement = (
        update(TicketSeries)
        .where(TicketSeries.event_id == event_id)
        .values(next=TicketSeries.next + count)
        .returning(TicketSeries.prefix, TicketSeries.next)
        .execution_options(synchronize_session=False)
    )
    while (found := db.session.execute(statement).one_or_none()) is None:
        _begin_series(event_id)
    return found[0], found[1] - count


def _begin_series(event_id: UUID) -> None:
    """Begin an event's series under the first letters that no other event here has."""
    begun = db.session.scalar(select(func.count()).select_from(TicketSeries)) or 0
    row = insert_or_not(TicketSeries).values(event_id=event_id, prefix=letters(begun), next=1)
    # Whoever took these letters at the same moment is waited for; then the next ones are tried.
    db.session.execute(row.on_conflict_do_nothing())
