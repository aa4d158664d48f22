"""Holds with a name: places kept for somebody until a moment, seen by all who sell the event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Day, Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.checkout import Checkout, CheckoutLine, CheckoutOutcome, Hold, HoldEnd
from voelgoed.checkout.open import open_checkout
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.resource import Resource, flag, key_of, refers, related, text
from voelgoed.foundation.web import Problem

MOST = 200
AFTER_ALL = "\U0010ffff"


class NamedHold(
    Resource, redact=("name", "name_key", "note"), unique=(("checkout_id",),), indexes=(("event_id", "name_key"),)
):
    """Whom a checkout's places are kept for; they are an ordinary hold that ends at its own moment.

    `house`: kept by the organiser for guests, press or partners, not for a buyer.
    """

    event_id: Mapped[UUID] = refers("event")
    checkout_id: Mapped[UUID] = refers("checkout")
    name: Mapped[str] = text(120)
    name_key: Mapped[str | None] = key_of("name")
    note: Mapped[str | None] = text(400, nullable=True)
    house: Mapped[bool] = flag()
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")


@dataclass(frozen=True)
class KeptFor:
    """A live named hold: until when, and how many of what."""

    named: NamedHold
    until: datetime
    lines: Sequence[tuple[str, int, UUID]]

    @property
    def words(self) -> str:
        """What is kept, as people say it: 4 Adult, 2 Child."""
        return ", ".join(f"{quantity} {name}" for name, quantity, _ in self.lines)

    @property
    def tickets(self) -> int:
        """How many tickets."""
        return sum(quantity for _, quantity, _ in self.lines)


def keep(
    event: Event, asked: Iterable[tuple[UUID, int]], name: str, until: datetime, key: UUID, *,
    note: str | None = None, house: bool = False, replaces: UUID | None = None,
) -> Checkout:  # fmt: skip
    """Keep places under a name until a moment. The same key keeps them once.

    Raises Problem 422 `bad_end` for an end that has been or lies after the event; else as `open_checkout`.
    """
    last = ends_at(event)
    if until <= now() or last is None or until > last:
        said = "An end in the future, at the latest when the event ends."
        raise Problem(422, "bad_end", detail=said, errors={"until": [said]})
    made = open_checkout(event, asked, key=key, replaces=replaces, until=until)
    name_it(made, name, note, house=house)
    return made


def ends_at(event: Event) -> datetime | None:
    """Return when the event's last day ends: no hold lasts longer."""
    return db.session.scalar(select(func.max(Day.ends_at)).where(Day.event_id == event.id))


def name_it(checkout: Checkout, name: str, note: str | None, *, house: bool) -> None:
    """Say whom a hold is for; again changes nothing."""
    if named(checkout.id) is None:
        db.session.add(
            NamedHold(event_id=checkout.event_id, checkout_id=checkout.id, name=name, note=note, house=house)
        )
        db.session.flush()


def named(checkout_id: UUID) -> NamedHold | None:
    """Return the name of a checkout's hold, if it has one."""
    return db.session.scalars(select(NamedHold).where(NamedHold.checkout_id == checkout_id)).one_or_none()


def kept_for(event: Event, typed: str = "") -> Sequence[KeptFor]:
    """Return an event's live holds with a name, the first to end first; only those whose name begins as typed."""
    statement = (
        select(NamedHold, Hold.expires_at)
        .join(Hold, Hold.checkout_id == NamedHold.checkout_id)
        .outerjoin(HoldEnd, HoldEnd.hold_id == Hold.id)
        .outerjoin(CheckoutOutcome, CheckoutOutcome.checkout_id == NamedHold.checkout_id)
        .where(NamedHold.event_id == event.id, HoldEnd.id.is_(None), CheckoutOutcome.id.is_(None))
        .where(Hold.expires_at > func.clock_timestamp())
        .order_by(Hold.expires_at, NamedHold.id)
        .limit(MOST)
    )
    if name := typed.replace("\0", "").strip().lower():
        statement = statement.where(NamedHold.name_key >= name, NamedHold.name_key < name + AFTER_ALL)
    found = [(one, until) for one, until in db.session.execute(statement)]
    lines = lines_kept([one.checkout_id for one, _ in found])
    return [KeptFor(one, until, lines.get(one.checkout_id, [])) for one, until in found]


def lines_kept(checkouts: Sequence[UUID]) -> dict[UUID, list[tuple[str, int, UUID]]]:
    """Return checkout → its lines as (name of the type, quantity, type), in the types' order."""
    statement = (
        select(CheckoutLine.checkout_id, TicketType.name, CheckoutLine.quantity, TicketType.id)
        .join(TicketType, TicketType.id == CheckoutLine.ticket_type_id)
        .where(CheckoutLine.checkout_id.in_(checkouts))
        .order_by(TicketType.number)
        .execution_options(include_archived=True)
    )
    lines: dict[UUID, list[tuple[str, int, UUID]]] = {}
    for checkout_id, name, quantity, type_id in db.session.execute(statement):
        lines.setdefault(checkout_id, []).append((name, quantity, type_id))
    return lines
