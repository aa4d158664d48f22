"""The end of a hold: converted by a sale, given up by somebody, or expired; exactly once (I4)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from voelgoed.checkout.availability import tell_availability
from voelgoed.checkout.checkout import Checkout, CheckoutOutcome, Hold, HoldEnd
from voelgoed.checkout.discount import give_use_back
from voelgoed.checkout.pools import bodies_of, move, opposite
from voelgoed.checkout.state import lock, refuse_house, state_of
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.outbox import enqueue
from voelgoed.foundation.points import point
from voelgoed.foundation.web import Problem

LOOK_AGAIN = timedelta(seconds=15)
EXPIRE = "voelgoed.checkout.end.expire"


def end(hold_id: UUID, how: Literal["converted", "released", "expired"]) -> bool:
    """Write the end of a hold; False when it has ended before."""
    statement = insert(HoldEnd).values(hold_id=hold_id, how=how).on_conflict_do_nothing()
    return db.session.scalar(statement.returning(HoldEnd.id)) is not None


def end_held(hold_id: UUID, how: Literal["converted", "released", "expired"]) -> None:
    """Write the end of an open hold whose checkout this transaction holds: nobody else can end it now."""
    db.session.add(HoldEnd(hold_id=hold_id, how=how))


def give_up(checkout: Checkout) -> None:
    """Give a checkout's hold back; again changes nothing. Raises Problem 409 once it is paid or being paid."""
    freed = give_up_quietly(checkout)
    if freed:
        move(opposite(freed))
        tell_availability(checkout.event_id)


def give_up_quietly(checkout: Checkout) -> Counter[UUID]:
    """End a checkout that is not to be; returns pool → bodies, which the caller must give back, last."""
    lock(checkout.id)
    state = state_of(checkout.id)
    refuse_house(state)
    if state.outcome == "paid" or state.paying:
        raise Problem(409, "already_paid" if state.outcome else "paying", "Too late to give up",
                      "This sale is paid, or being paid. Void its tickets instead.")  # fmt: skip
    if state.outcome is None:
        db.session.add(CheckoutOutcome(checkout_id=checkout.id, kind="abandoned", reason="given up"))
    if state.hold is None or not end(state.hold.id, "released"):
        return Counter()
    give_use_back(checkout.id)
    return bodies_of(state.hold.id)


def expire(hold_id: UUID) -> None:
    """End a hold whose time has come, as a job; while money is being taken for it, look again later."""
    hold = db.session.scalars(select(Hold).where(Hold.id == hold_id)).one()
    checkout = lock(hold.checkout_id)
    state = state_of(checkout.id)
    if state.hold is None or state.hold.id != hold_id:
        return
    if state.paying or not state.past:
        later = max(hold.expires_at, now() + LOOK_AGAIN)
        enqueue("maintenance", EXPIRE, about=hold_id, due_at=later, hold_id=hold_id)
        return
    if end(hold_id, "expired"):
        give_use_back(checkout.id)
        point("expire.before_pools")
        move(opposite(bodies_of(hold_id)))
        tell_availability(checkout.event_id)
