"""What is sold, and the capacity that it takes from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.catalog.event import Day, Event
from voelgoed.foundation.resource import (
    Resource,
    cents,
    choice,
    flag,
    integer,
    key_of,
    moment,
    refers,
    related,
    small,
    text,
)

REENTRY = ("none", "free", "until", "entries", "daily")


class Pool(
    Resource,
    exclude=("taken",),
    # Partial, so that a generated column is no key: else each UPDATE would lock out the holds that name the pool.
    unique_where={("day_id", "name_key"): "name_key IS NOT NULL"},
    checks={"never_above_capacity": "taken BETWEEN 0 AND capacity"},
):
    """Room for so many bodies on one day; `taken` = held + sold, moved by a conditional UPDATE issued last (I1)."""

    event_id: Mapped[UUID] = refers("event")
    day_id: Mapped[UUID] = refers("day")
    name: Mapped[str] = text(120)
    name_key: Mapped[str] = key_of("name")
    capacity: Mapped[int] = integer()
    taken: Mapped[int] = integer(default=0)
    event: Mapped[Event] = related("event_id", "Event")
    day: Mapped[Day] = related("day_id", "Day")


class TicketType(
    Resource,
    archivable=True,
    unique=(("event_id", "number"),),
    unique_where={("event_id", "name_key"): "archived_at IS NULL"},
    checks={
        "number_fits_the_code": "number BETWEEN 1 AND 255",
        "price_is_not_negative": "price_cents BETWEEN 0 AND 100000000",
        "bodies_fit_the_code": "bodies BETWEEN 1 AND 200",
        "rate_is_a_rate": "vat_rate_bp BETWEEN 0 AND 10000",
        "window_in_order": "sales_from IS NULL OR sales_until IS NULL OR sales_from < sales_until",
        "until_a_time": "(reentry = 'until') = (reentry_until IS NOT NULL)",
        "time_of_day": "reentry_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'",
        "gate_passes_are_not_sold": "NOT gate_pass OR (price_cents = 0 AND archived_at IS NOT NULL)",
        "valid_from_a_time": "valid_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'",
        "valid_until_a_time": "valid_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'",
        "valid_for_a_while": "valid_from <> valid_until",
        "some_entries": "reentry_entries BETWEEN 1 AND 100",
        "group_is_of_the_ticket": "group_min BETWEEN 1 AND bodies",
        "maximum_is_some": "per_checkout_max BETWEEN 1 AND 200",
    },
):
    """Price (VAT included, in cents of the event's currency), days, sales window, bodies it admits, re-entry.

    Who left comes back: never, freely, `until` a time of each day, up to so many `entries`, or once on each day.
    `group_min` of a ticket's people must be there for the first to come in. `valid_from` and `valid_until` are times of
    each of its days at the venue, between which it lets in from outside.

    What supervisors give at the gate is of a type too, a `gate_pass`: free, and put away for good, so that nobody
    sells it; its pools keep their places all the same.

    `vat_rate_bp` is in basis points: 1500 is 15 %; it is 0 for an organization that is no vendor.
    """

    event_id: Mapped[UUID] = refers("event")
    number: Mapped[int] = small()
    name: Mapped[str] = text(120)
    name_key: Mapped[str] = key_of("name")
    price_cents: Mapped[int] = cents()
    vat_rate_bp: Mapped[int] = integer(default=0)
    bodies: Mapped[int] = small(default=1)
    per_checkout_max: Mapped[int] = integer(default=10)
    sales_from: Mapped[datetime | None] = moment(nullable=True)
    sales_until: Mapped[datetime | None] = moment(nullable=True)
    reentry: Mapped[str] = choice(*REENTRY, default="none")
    reentry_until: Mapped[str | None] = text(5, nullable=True)
    reentry_entries: Mapped[int] = small(default=1)
    group_min: Mapped[int] = small(default=1)
    gate_pass: Mapped[bool] = flag(default=False)
    valid_from: Mapped[str | None] = text(5, nullable=True)
    valid_until: Mapped[str | None] = text(5, nullable=True)
    event: Mapped[Event] = related("event_id", "Event")

    @property
    def validity(self) -> str:
        """Say between when it lets in, as tickets and the till say it; empty for all day."""
        said = (
            f"from {self.valid_from}" if self.valid_from else "",
            f"until {self.valid_until}" if self.valid_until else "",
        )
        return " ".join(filter(None, said))


class TypePool(Resource, unique=(("ticket_type_id", "pool_id"),)):
    """A type takes from this pool: one for each of its days."""

    ticket_type_id: Mapped[UUID] = refers("ticket_type", cascade=True)
    pool_id: Mapped[UUID] = refers("pool")
    pool: Mapped[Pool] = related("pool_id", "Pool")


class TypeZone(Resource, unique=(("ticket_type_id", "zone_id"),)):
    """A type opens this zone; a type with none opens every zone of the venue."""

    ticket_type_id: Mapped[UUID] = refers("ticket_type", cascade=True)
    zone_id: Mapped[UUID] = refers("zone")


class TypeGate(Resource, unique=(("ticket_type_id", "gate_id"),)):
    """A type comes in from outside by this gate; a type with none by every gate."""

    ticket_type_id: Mapped[UUID] = refers("ticket_type", cascade=True)
    gate_id: Mapped[UUID] = refers("gate")
