"""One sale: who, what, how much, what it holds, and how it ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.foundation.resource import (
    Resource,
    cents,
    choice,
    identifier,
    integer,
    key_of,
    moment,
    refers,
    related,
    text,
)


class Customer(
    Resource,
    redact=("name", "name_key", "email", "email_key", "phone", "phone_key"),
    indexes=(("name_key",), ("email_key",), ("phone_key",)),
):
    """A buyer who wished to be known."""

    name: Mapped[str | None] = text(120, nullable=True)
    email: Mapped[str | None] = text(254, nullable=True)
    phone: Mapped[str | None] = text(40, nullable=True)
    name_key: Mapped[str | None] = key_of("name")
    email_key: Mapped[str | None] = key_of("email")
    phone_key: Mapped[str | None] = key_of("phone")


class Checkout(
    Resource,
    unique=(("key",),),
    unique_where={("event_id", "number"): "number IS NOT NULL"},
    checks={"comps_are_free": "channel <> 'comp' OR total_cents = 0"},
):
    """A sale from tender on; its lines are fixed, its state is what rows say (`CheckoutOutcome`, `HoldEnd`).

    Given away it is a comp, which has no number among the sales.
    """

    event_id: Mapped[UUID] = refers("event")
    customer_id: Mapped[UUID | None] = refers("customer", nullable=True)
    key: Mapped[UUID] = identifier(nullable=False)
    channel: Mapped[str] = choice("till", "api", "group", "comp", default="till")
    currency: Mapped[str] = text(3)
    total_cents: Mapped[int] = cents()
    fees_cents: Mapped[int] = cents(default=0)
    seller_id: Mapped[UUID | None] = identifier()
    seller_label: Mapped[str] = text(400)
    number: Mapped[int | None] = integer(nullable=True)
    event: Mapped[Event] = related("event_id", "Event")
    customer: Mapped[Customer | None] = related("customer_id", "Customer")


class CheckoutLine(Resource, append_only="a sale's lines are fixed when it is made", checks={"some": "quantity > 0"}):
    """So many of one type, at the price and VAT of that moment (cents, VAT included); `total_cents` is discounted."""

    checkout_id: Mapped[UUID] = refers("checkout")
    ticket_type_id: Mapped[UUID] = refers("ticket_type")
    quantity: Mapped[int] = integer()
    unit_cents: Mapped[int] = cents()
    discount_cents: Mapped[int] = cents(default=0)
    total_cents: Mapped[int] = cents()
    vat_rate_bp: Mapped[int] = integer()
    vat_cents: Mapped[int] = cents()
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")
    ticket_type: Mapped[TicketType] = related("ticket_type_id", "TicketType")


class CheckoutOutcome(Resource, append_only="a sale ends once", unique=(("checkout_id",),)):
    """How the sale ended: paid, failed or abandoned."""

    checkout_id: Mapped[UUID] = refers("checkout")
    kind: Mapped[str] = choice("paid", "failed", "abandoned")
    run_id: Mapped[UUID | None] = identifier()
    reason: Mapped[str | None] = text(400, nullable=True)
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")


class CheckoutSeries(Resource, unaudited="a counter that the sales themselves recount", unique=(("event_id",),)):
    """The next number of a sale in an event: what the clerk calls it by."""

    event_id: Mapped[UUID] = refers("event")
    next: Mapped[int] = integer(default=1)


class Hold(
    Resource,
    append_only="its end is a row of its own",
    indexes=(("expires_at",),),
):
    """Capacity reserved for a checkout until a moment; a second one is made when money comes after the first."""

    checkout_id: Mapped[UUID] = refers("checkout")
    expires_at: Mapped[datetime] = moment()
    checkout: Mapped[Checkout] = related("checkout_id", "Checkout")


class HoldLine(
    Resource,
    append_only="it is part of its hold",
    unique=(("hold_id", "checkout_line_id", "pool_id"),),
    checks={"some_bodies": "bodies > 0"},
):
    """So many bodies out of one pool for one line: what a void later gives back, whatever the type says by then."""

    hold_id: Mapped[UUID] = refers("hold")
    checkout_line_id: Mapped[UUID] = refers("checkout_line")
    pool_id: Mapped[UUID] = refers("pool")
    bodies: Mapped[int] = integer()


class HoldEnd(Resource, append_only="a hold ends exactly once", unique=(("hold_id",),)):
    """The end of a hold (I4): converted into tickets, released by somebody, or expired."""

    hold_id: Mapped[UUID] = refers("hold")
    how: Mapped[str] = choice("converted", "released", "expired")


class CheckoutAttempt(
    Resource,
    append_only="each try at paying is a fact; how it went is its run's outcome",
    unique=(("checkout_id", "number"), ("run_id",)),
):
    """A run that takes the money; while it has no outcome the checkout is being paid, and no hold expires."""

    checkout_id: Mapped[UUID] = refers("checkout")
    number: Mapped[int] = integer()
    run_id: Mapped[UUID] = identifier(nullable=False)
