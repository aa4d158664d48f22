"""Cash that no sale moves: banked, paid out, added; and the drawer opened without a sale."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.web import Problem
from voelgoed.ledger.chart import BANKED, FLOATS, PAID_OUT, cash_of
from voelgoed.ledger.post import Line, post
from voelgoed.tills.own_shift import keep_open
from voelgoed.tills.shift import CashMove, DrawerOpening, Shift

OTHER_SIDE = {"banked": BANKED, "paid_out": PAID_OUT, "added": FLOATS}
IN_WORDS = {"banked": "Banked", "paid_out": "Paid out", "added": "Added to the float"}


def move_cash(shift: Shift, kind: str, cents: int, reason: str, key: UUID) -> CashMove:
    """Write down and book cash into (`added`) or out of (`banked`, `paid_out`) an open shift's drawer.

    The same key again is the same move. Raises Problem 409 `shift_closed`.
    """
    _need_open(shift)
    values = {"shift_id": shift.id, "key": key, "kind": kind, "amount_cents": cents, "reason": reason,
              "actor": current_scope().actor.label}  # fmt: skip
    statement = insert(CashMove).values(**values).on_conflict_do_nothing().returning(CashMove)
    made = db.session.scalars(statement).one_or_none()
    if made is None:
        return db.session.scalars(select(CashMove).where(CashMove.key == key)).one()
    into = cents if kind == "added" else -cents
    post("float" if kind == "added" else "drop", made, [Line(cash_of(shift.till_id), into),
         Line(OTHER_SIDE[kind], -into)], currency=shift.currency, timezone=shift.timezone, shift_id=shift.id,
         words=f"{IN_WORDS[kind]}, {shift.till.name}: {reason}"[:400])  # fmt: skip
    return made


def open_drawer(shift: Shift, reason: str) -> DrawerOpening:
    """Write down that the drawer was opened without a sale; raises Problem 409 `shift_closed`."""
    _need_open(shift)
    made = DrawerOpening(shift_id=shift.id, reason=reason, actor=current_scope().actor.label)
    db.session.add(made)
    db.session.flush()
    return made


def _need_open(shift: Shift) -> None:
    if keep_open(shift.id) is None:
        raise Problem(409, "shift_closed", "This shift is closed", "Nothing was changed. Its drawer is counted.")
