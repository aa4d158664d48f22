"""Issuing tickets: serials from the event's series, passes 1…N, two statements for any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.points import point
from voelgoed.foundation.resource import uuid7
from voelgoed.foundation.signals import announce
from voelgoed.foundation.tenancy import PlainSQL, current_scope, read_once
from voelgoed.ticketing.code import minute_of
from voelgoed.ticketing.keys import active_key
from voelgoed.ticketing.serial import letters, serial
from voelgoed.ticketing.ticket import TicketSeries

SQL = Path(__file__).parent / "sql"
DRAW = PlainSQL("ticketing.issue", SQL / "draw.sql")
ISSUE = PlainSQL("ticketing.issue", SQL / "issue.sql", writes=True)


class Kind(Protocol):
    """A ticket type, as far as its tickets repeat it."""

    @property
    def id(self) -> UUID:
        """Which one it is."""

    @property
    def bodies(self) -> int:
        """How many each ticket lets in."""


@dataclass(frozen=True)
class Wanted:
    """So many tickets of a type, for a line of a sale (or for none), and whose they are if that is known.

    They are for all days of the type, unless `days_mask` says for which.
    """

    type: Kind
    quantity: int
    line_id: UUID | None = None
    holder: str | None = None
    days_mask: int | None = None


@dataclass(frozen=True)
class SealedKey:
    """The key that signs an event's codes now, as its row holds it: sealed, in hexadecimal digits."""

    id: UUID
    number: int
    sealed: str = field(repr=False)


@dataclass(frozen=True)
class Issued:
    """A ticket that was issued just now: what signs it, its minute, and what was written of it."""

    key: SealedKey
    minute: int
    row: dict[str, Any]


def issue(event_id: UUID, wanted: Sequence[Wanted]) -> list[UUID]:
    """Issue tickets with their passes; returns their ids in the order of `wanted`.

    From the first statement on it holds the event's series, which every sale wants: issue late. Announces
    `ticket.issued` with the ids.
    """
    db.session.flush()
    point("issue.before_series")
    drawn = _draw(event_id, wanted)
    tickets: list[dict[str, Any]] = []
    passes: list[dict[str, Any]] = []
    each = [line for line in wanted for _ in range(line.quantity)]
    for number, line in enumerate(each, start=drawn.first):
        ticket_id = uuid7()
        tickets.append({
            "id": str(ticket_id), "ticket_type_id": str(line.type.id), "number": number,
            "checkout_line_id": str(line.line_id) if line.line_id else None, "serial": serial(drawn.prefix, number),
            "bodies": line.type.bodies, "holder": line.holder,
            "days_mask": line.days_mask or drawn.masks.get(str(line.type.id), 0),
        })  # fmt: skip
        passes += [
            {"id": str(uuid7()), "ticket_id": str(ticket_id), "number": body} for body in range(1, line.type.bodies + 1)
        ]
    minute = _insert(event_id, drawn.key.id, tickets, passes)
    issued_here().extend(Issued(drawn.key, minute, one) for one in tickets)
    ids = [UUID(one["id"]) for one in tickets]
    announce("ticket.issued", event_id=event_id, ticket_ids=ids)
    return ids


def issued_here() -> list[Issued]:
    """Return the tickets that this transaction has issued so far, in the order in which it did."""
    return read_once("issued", list)


def _insert(event_id: UUID, key_id: UUID, tickets: list[dict[str, Any]], passes: list[dict[str, Any]]) -> int:
    at = now()
    minute = minute_of(at)
    ISSUE.one(
        organization_id=current_scope().organization_id, event_id=event_id, key_id=key_id, at=at,
        minute=minute, tickets=Jsonb(tickets), passes=Jsonb(passes),
    )  # fmt: skip
    return minute


@dataclass(frozen=True)
class _Drawn:
    """What the database gave: letters and the first number, the key that signs, and type → mask of its days."""

    prefix: str
    first: int
    key: SealedKey
    masks: dict[str, int]


def _draw(event_id: UUID, wanted: Sequence[Wanted]) -> _Drawn:
    """Take the next numbers of an event's series; the first issue begins the series and makes the key."""
    given = {
        "event_id": event_id, "count": sum(one.quantity for one in wanted),
        "type_ids": sorted({one.type.id for one in wanted}),
    }  # fmt: skip
    while (found := DRAW.first(**given)) is None:
        _begin_series(event_id)
    return _Drawn(found.prefix, found.first, _key(event_id, found.key), found.masks)


def _key(event_id: UUID, found: dict[str, Any] | None) -> SealedKey:
    if found is not None:
        return SealedKey(UUID(found["id"]), found["number"], found["sealed"])
    made = active_key(event_id)
    return SealedKey(made.id, made.number, bytes(made.private_key_sealed).hex())


def _begin_series(event_id: UUID) -> None:
    """Begin an event's series under the first letters that no other event here has."""
    begun = db.session.scalar(select(func.count()).select_from(TicketSeries)) or 0
    row = insert_or_not(TicketSeries).values(event_id=event_id, prefix=letters(begun), next=1)
    # Whoever took these letters at the same moment is waited for; then the next ones are tried.
    db.session.execute(row.on_conflict_do_nothing())
