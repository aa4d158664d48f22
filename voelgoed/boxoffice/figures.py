"""The figures of a shift: what an X-report shows any time, and a Z-report keeps for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select

from voelgoed.boxoffice.drawer import Drawer, drawer_of
from voelgoed.catalog.event import Event
from voelgoed.catalog.ticket_type import TicketType
from voelgoed.checkout.checkout import CheckoutLine
from voelgoed.checkout.fee import CheckoutFee, Fee
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import children
from voelgoed.payments.payment import Charge, Payment, Refund
from voelgoed.tills.shift import CashCount, CashMove, DrawerOpening, Shift


def figures_of(shift: Shift) -> dict[str, Any]:
    """Return a shift's figures as plain values (money in cents, moments in ISO 8601)."""
    drawer = drawer_of(shift)
    return {
        "person": shift.person, "till": shift.till.name, "prefix": shift.till.prefix, "currency": shift.currency,
        "trading_day": shift.trading_day.isoformat(), "opened_at": shift.opened_at.isoformat(),
        "closed_at": shift.closed_at.isoformat() if shift.closed_at else None,
        "float_cents": shift.float_cents, "cash": _cash(drawer), "expected_cents": drawer.expected,
        "counts": [_count(one) for one in children(shift, CashCount).order_by(CashCount.number)],
        "takings": takings_of(shift), "sold": sold_in(shift),
        "moves": [_move(one) for one in children(shift, CashMove).order_by(CashMove.created_at)],
        "openings": [
            {"reason": one.reason, "at": one.created_at.isoformat(), "actor": one.actor}
            for one in children(shift, DrawerOpening).order_by(DrawerOpening.created_at)
        ],
    }  # fmt: skip


def without_cash(figures: dict[str, Any]) -> dict[str, Any]:
    """Return figures as the counter of a drawer may see them before counting: nothing that cash could be told from."""
    hidden = ("cash", "expected_cents", "moves")
    seen: dict[str, Any] = {key: value for key, value in figures.items() if key not in hidden}
    takings = [one for one in figures["takings"] if one["gateway"] != "cash"]
    sold = [{**one, "cents": None, "vat_cents": None} for one in figures["sold"]]
    return {**seen, "takings": takings, "sold": sold, "blind": True}


def _cash(drawer: Drawer) -> dict[str, int]:
    return {"sold": drawer.sold, "refunded": drawer.refunded, "added": drawer.added, "banked": drawer.banked,
            "paid_out": drawer.paid_out}  # fmt: skip


def _count(one: CashCount) -> dict[str, Any]:
    return {"number": one.number, "cents": one.counted_cents, "pieces": one.pieces, "actor": one.actor,
            "at": one.created_at.isoformat()}  # fmt: skip


def _move(one: CashMove) -> dict[str, Any]:
    return {"kind": one.kind, "cents": one.amount_cents, "reason": one.reason, "actor": one.actor,
            "at": one.created_at.isoformat()}  # fmt: skip


def _of(shift: Shift) -> Any:
    """Say that a payment belongs to a shift: by its drawer or, outside, by the charge that was made there."""
    return or_(Payment.shift_id == shift.id, Charge.shift_id == shift.id)


def takings_of(shift: Shift) -> list[dict[str, Any]]:
    """Return what each gateway took and gave back in a shift: how often, and cents."""
    paid = (
        select(Payment.gateway, func.count(), func.sum(Payment.amount_cents - Payment.rounding_cents))
        .outerjoin(Charge, Charge.id == Payment.charge_id)
        .where(_of(shift))
        .group_by(Payment.gateway)
    )
    back = (
        select(Refund.gateway, func.count(), func.sum(Refund.amount_cents - Refund.rounding_cents))
        .where(Refund.shift_id == shift.id)
        .group_by(Refund.gateway)
    )
    sides = [{row[0]: (row[1], int(row[2])) for row in db.session.execute(one)} for one in (paid, back)]
    return [
        dict(zip(("gateway", "taken", "cents", "given", "given_cents"),
                 (gateway, *sides[0].get(gateway, (0, 0)), *sides[1].get(gateway, (0, 0))), strict=True))
        for gateway in sorted({*sides[0], *sides[1]})
    ]  # fmt: skip


def sold_in(shift: Shift) -> list[dict[str, Any]]:
    """Return what was sold in a shift, by event and ticket type, then by fee: how many, cents, and the VAT in them."""
    sales = select(Payment.checkout_id).outerjoin(Charge, Charge.id == Payment.charge_id).where(_of(shift))
    statement = (
        select(Event.name, TicketType.name, func.sum(CheckoutLine.quantity), func.sum(CheckoutLine.total_cents),
               func.sum(CheckoutLine.vat_cents))
        .join(TicketType, TicketType.id == CheckoutLine.ticket_type_id)
        .join(Event, Event.id == TicketType.event_id)
        .where(CheckoutLine.checkout_id.in_(sales))
        .group_by(Event.name, TicketType.name)
        .order_by(Event.name, TicketType.name)
    )  # fmt: skip
    found = db.session.execute(statement.execution_options(include_archived=True))
    return [
        {"event": event, "type": kind, "quantity": int(many), "cents": int(cents), "vat_cents": int(vat)}
        for event, kind, many, cents, vat in [*found, *_fees_of(sales)]
    ]


def _fees_of(sales: Select[UUID]) -> Sequence[Row[str, str, int, int, int]]:
    statement = (
        select(Event.name, CheckoutFee.name, func.sum(CheckoutFee.quantity), func.sum(CheckoutFee.total_cents),
               func.sum(CheckoutFee.vat_cents))
        .join(Fee, Fee.id == CheckoutFee.fee_id)
        .join(Event, Event.id == Fee.event_id)
        .where(CheckoutFee.checkout_id.in_(sales))
        .group_by(Event.name, CheckoutFee.name)
        .order_by(Event.name, CheckoutFee.name)
    )  # fmt: skip
    return db.session.execute(statement.execution_options(include_archived=True)).all()
