"""Opening a shift: a counted float at one drawer, booked from the float fund."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.accounts.membership import Membership
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.tenancy.organization import Organization
from voelgoed.foundation.web import Problem
from voelgoed.ledger.chart import FLOATS, cash_of
from voelgoed.ledger.post import Line, post
from voelgoed.ledger.trading_day import trading_day
from voelgoed.tills.shift import CashCount, Shift
from voelgoed.tills.till import Till


def open_shift(
    till: Till,
    member: Membership,
    float_cents: int,
    pieces: Mapping[str, int] | None = None,
    at: datetime | None = None,
) -> Shift:
    """Open a member's shift at a till with a counted float (cents; pieces by denomination).

    Raises Problem 409 `drawer_in_use` or `shift_open`: one open shift per drawer and per person.
    """
    own, moment = rows(Organization).one(), at or now()
    values = {
        "till_id": till.id, "membership_id": member.id, "person": member.name, "currency": own.currency,
        "timezone": own.timezone, "trading_day": trading_day(moment, own.timezone), "float_cents": float_cents,
        "opened_at": moment,
    }  # fmt: skip
    statement = insert(Shift).values(**values).on_conflict_do_nothing().returning(Shift)
    shift = db.session.scalars(statement).one_or_none()
    if shift is None:
        raise _taken(till, member)
    db.session.add(
        CashCount(
            shift_id=shift.id, number=0, counted_cents=float_cents, pieces=dict(pieces or {}),
            actor=current_scope().actor.label,
        )
    )  # fmt: skip
    if float_cents:
        lines = [Line(cash_of(till.id), float_cents), Line(FLOATS, -float_cents)]
        post("float", shift, lines, currency=shift.currency, timezone=shift.timezone, at=moment, shift_id=shift.id,
             words=f"Float of {till.name} for {member.name}")  # fmt: skip
    db.session.flush()
    return shift


def _taken(till: Till, member: Membership) -> Problem:
    open_here = select(Shift.person).where(Shift.till_id == till.id, Shift.closed_at.is_(None))
    person = db.session.scalar(open_here)
    if person is not None:
        return Problem(409, "drawer_in_use", f"{till.name} is in use", f"{person} has an open shift there.")
    return Problem(409, "shift_open", f"{member.name} has an open shift already", "Close it first.")
