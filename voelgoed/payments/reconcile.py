"""Reconciliation: a gateway's list of a day, item by item; how each difference was resolved; that it was settled."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.foundation.resource import (
    Resource,
    calendar_day,
    cents,
    choice,
    integer,
    moment,
    refers,
    related,
    text,
)
from voelgoed.payments.payment import GATEWAYS

NO_CARD_NUMBER = "coalesce({0}, '') !~ '^[ 0-9-]{{13,23}}$'"
KINDS = ("only_theirs", "only_ours", "amount", "twice")
"""They list what we do not have; we have what they do not list; both, with another amount; listed again."""


class DayList(Resource, append_only="what a gateway listed is a fact", unique=(("gateway", "day", "digest"),)):
    """What a gateway says that it did on a day; `digest` (SHA-256) lets the same list be kept once."""

    gateway: Mapped[str] = choice(*GATEWAYS)
    day: Mapped[date] = calendar_day()
    currency: Mapped[str] = text(3)
    came: Mapped[str] = choice("uploaded", "fetched")
    name: Mapped[str] = text(200)
    digest: Mapped[str] = text(64)
    items: Mapped[int] = integer()
    skipped: Mapped[int] = integer(default=0)
    actor: Mapped[str] = text(400)


class DayListItem(
    Resource,
    append_only="what a gateway listed is a fact",
    unique=(("list_id", "number"),),
    indexes=(("key",), ("reference",)),
    checks={
        "no_card_number_as_key": NO_CARD_NUMBER.format("key"),
        "no_card_number": NO_CARD_NUMBER.format("reference"),
        "has_a_name": "key IS NOT NULL OR reference IS NOT NULL",
    },
):
    """One line of a list: money taken is above 0, money given back below (cents); `fee_cents` is what they keep.

    `key` is what we told them, `reference` their own name.
    """

    list_id: Mapped[UUID] = refers("day_list")
    number: Mapped[int] = integer()
    key: Mapped[str | None] = text(200, nullable=True)
    reference: Mapped[str | None] = text(200, nullable=True)
    amount_cents: Mapped[int] = cents()
    fee_cents: Mapped[int] = cents(default=0)
    currency: Mapped[str] = text(3)
    happened_at: Mapped[datetime | None] = moment(nullable=True)
    list: Mapped[DayList] = related("list_id", "DayList")


class DifferenceResolution(
    Resource, append_only="why a difference was accepted is a fact", unique=(("list_id", "difference"),)
):
    """Somebody looked into a difference of a list; `difference` is its kind and the id of the row that it is about."""

    list_id: Mapped[UUID] = refers("day_list")
    difference: Mapped[str] = text(80)
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)


class ListSettled(
    Resource,
    append_only="a settlement was booked once",
    unique=(("list_id",),),
    checks={"fee_not_negative": "fee_cents >= 0"},
):
    """A list's money arrived at the bank: what came, and what the gateway kept (cents); its entry names this row."""

    list_id: Mapped[UUID] = refers("day_list")
    payout_cents: Mapped[int] = cents()
    fee_cents: Mapped[int] = cents()
    reason: Mapped[str | None] = text(400, nullable=True)
    actor: Mapped[str] = text(400)
