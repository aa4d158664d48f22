"""Why an order cannot be held: said so that the clerk knows what to do next."""

from __future__ import annotations

from sqlalchemy import select

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.order import Wanted, is_open
from voelgoed.foundation.database import db
from voelgoed.foundation.web import Problem


def why_not(order: list[Wanted], left: dict[str, int], *, bound: bool) -> Problem:
    """Return the refusal of an order that the pools did not take: the first reason that still holds."""
    now = _as_they_are([line.type for line in order])
    for line in order:
        if (refusal := _of_line(line, now.get(line.type), bound)) is not None:
            return refusal
    return sold_out(left)


def _as_they_are(types: list[TicketType]) -> dict[TicketType, tuple[int, int, bool]]:
    statement = (
        select(TicketType, TicketType.price_cents, TicketType.per_checkout_max, is_open())
        .join(Event, Event.id == TicketType.event_id)
        .where(TicketType.id.in_([one.id for one in types]))
        .execution_options(include_archived=True)
    )
    return {found: (price, most, bool(is_on)) for found, price, most, is_on in db.session.execute(statement)}


def _of_line(line: Wanted, now: tuple[int, int, bool] | None, bound: bool) -> Problem | None:
    price, most, is_on = now or (0, 0, False)
    if not is_on:
        return Problem(409, "not_on_sale", "Not on sale", f"{line.type.name} is not on sale now. Nothing was held.")
    if price != line.type.price_cents:
        return Problem(
            409, "price_changed", "The price changed", "Nothing was held. Reload the page for the new price."
        )
    if bound and line.quantity > most:
        said = f"At most {most} of {line.type.name} in one sale. Nothing was held."
        return Problem(409, "above_maximum", "Too many at once", said, maximum=most)
    return None


def sold_out(left: dict[str, int]) -> Problem:
    """Return the refusal with what is left: type id → tickets."""
    return Problem(409, "sold_out", "Sold out", "There are not that many left. Nothing was held.", left=left)
