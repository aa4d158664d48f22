"""A shift: one person at one drawer, from the counted float to the report that nobody changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from voelgoed.accounts.membership import Membership
from voelgoed.foundation.resource import (
    Resource,
    calendar_day,
    cents,
    choice,
    flag,
    identifier,
    integer,
    json_value,
    moment,
    refers,
    related,
    small,
    text,
)
from voelgoed.tills.till import Till


class Shift(
    Resource,
    unique_where={("till_id",): "closed_at IS NULL", ("membership_id",): "closed_at IS NULL"},
    indexes=(("trading_day",),),
    checks={"float_not_negative": "float_cents >= 0"},
):
    """One open shift per drawer and per person; it belongs to the trading day on which it opened.

    `closed_at` only tells the two unique indexes; how it ended is its ZReport.
    """

    till_id: Mapped[UUID] = refers("till")
    membership_id: Mapped[UUID] = refers("membership")
    person: Mapped[str] = text(120)
    currency: Mapped[str] = text(3)
    timezone: Mapped[str] = text(60)
    trading_day: Mapped[date] = calendar_day()
    float_cents: Mapped[int] = cents()
    opened_at: Mapped[datetime] = moment()
    closed_at: Mapped[datetime | None] = moment(nullable=True)
    till: Mapped[Till] = related("till_id", "Till")
    membership: Mapped[Membership] = related("membership_id", "Membership")


class CashMove(
    Resource,
    append_only="cash that left or came is a fact",
    unique=(("key",),),
    checks={"some_amount": "amount_cents > 0"},
):
    """Cash into or out of a drawer that no sale moved: banked, paid out, added to the float."""

    shift_id: Mapped[UUID] = refers("shift")
    key: Mapped[UUID] = identifier(nullable=False)
    kind: Mapped[str] = choice("banked", "paid_out", "added")
    amount_cents: Mapped[int] = cents()
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)
    shift: Mapped[Shift] = related("shift_id", "Shift")


class DrawerOpening(Resource, append_only="a drawer that was opened without a sale stays told"):
    """The drawer was opened without a sale, with the reason."""

    shift_id: Mapped[UUID] = refers("shift")
    reason: Mapped[str] = text(400)
    actor: Mapped[str] = text(400)


class CashCount(
    Resource,
    append_only="a count is kept, the recount beside it",
    unique=(("shift_id", "number"),),
    checks={"one_recount": "number BETWEEN 0 AND 2", "not_negative": "counted_cents >= 0"},
):
    """Pieces by denomination in cents, and their sum: 0 is the float, 1 the blind count, 2 the one recount."""

    shift_id: Mapped[UUID] = refers("shift")
    number: Mapped[int] = small()
    counted_cents: Mapped[int] = cents()
    pieces: Mapped[dict[str, Any]] = json_value(nullable=False)
    actor: Mapped[str] = text(400)


class ZReport(
    Resource,
    append_only="a Z-report is never changed after",
    unique=(("shift_id",), ("till_id", "number")),
    checks={"adds_up": "variance_cents = counted_cents - expected_cents"},
):
    """The end of a shift: numbered per till, its figures as they stood (cents); variance is negative when short."""

    shift_id: Mapped[UUID] = refers("shift")
    till_id: Mapped[UUID] = refers("till")
    number: Mapped[int] = integer()
    expected_cents: Mapped[int] = cents()
    counted_cents: Mapped[int] = cents()
    variance_cents: Mapped[int] = cents()
    figures: Mapped[dict[str, Any]] = json_value(nullable=False)
    forced: Mapped[str | None] = text(400, nullable=True)
    actor: Mapped[str] = text(400)
    shift: Mapped[Shift] = related("shift_id", "Shift")


class SignOff(Resource, append_only="who signed for a drawer is a fact", unique=(("z_report_id",),)):
    """Another person looked at a Z-report; a sole member's is marked self-signed."""

    z_report_id: Mapped[UUID] = refers("zreport")
    membership_id: Mapped[UUID] = refers("membership")
    self_signed: Mapped[bool] = flag()
    note: Mapped[str | None] = text(400, nullable=True)
    actor: Mapped[str] = text(400)


class CardMachine(Resource, archivable=True):
    """A card terminal that stands by itself: the clerk keys its slips, its batch total is compared each day."""

    name: Mapped[str] = text(80)


class MachineTotal(Resource, append_only="what a machine printed is a fact", unique=(("machine_id", "trading_day"),)):
    """A card machine's batch total of a trading day as it was entered (cents), beside what was keyed."""

    machine_id: Mapped[UUID] = refers("card_machine")
    trading_day: Mapped[date] = calendar_day()
    batch_cents: Mapped[int] = cents()
    keyed_cents: Mapped[int] = cents()
    reason: Mapped[str | None] = text(400, nullable=True)
    actor: Mapped[str] = text(400)
    machine: Mapped[CardMachine] = related("machine_id", "CardMachine")
