"""How a checkout stands, as its rows say."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, and_, bindparam, exists, func, select

from voelgoed.checkout.checkout import Checkout, CheckoutAttempt, CheckoutOutcome, Hold, HoldEnd
from voelgoed.foundation.database import db
from voelgoed.foundation.workflow.journal import WorkflowOutcome


@dataclass(frozen=True)
class Attempt:
    """The last try at paying: its number, its run, and how that ended (None while it runs)."""

    number: int
    run_id: UUID
    outcome: str | None


@dataclass(frozen=True)
class State:
    """A checkout's outcome, its live hold, whether that is past its end, and the last attempt at paying."""

    outcome: str | None
    hold: Hold | None
    past: bool
    attempt: Attempt | None

    @property
    def paying(self) -> bool:
        """Whether a run is taking the money now."""
        return self.attempt is not None and self.attempt.outcome is None

    @property
    def word(self) -> str:
        """The state in a word: open, paying, paid, failed or expired (which a sale given up also is)."""
        if self.outcome in ("paid", "failed"):
            return self.outcome
        if self.paying:
            return "paying"
        if self.outcome == "abandoned" or self.hold is None or self.past:
            return "expired"
        return "open"


def lock(checkout_id: UUID) -> Checkout:
    """Hold a checkout to the commit: paying, giving up and expiring take turns."""
    held = select(Checkout).where(Checkout.id == checkout_id).with_for_update(key_share=True)
    return db.session.scalars(held).one()


def state_of(checkout_id: UUID) -> State:
    """Read how a checkout stands, in one statement; lock it first to act on it."""
    kind, hold, past, number, run_id, ended = db.session.execute(_STATE, {"of": checkout_id}).one()
    attempt = Attempt(number, run_id, ended) if number is not None else None
    return State(kind, hold, True if hold is None else bool(past), attempt)


_OF: BindParameter[UUID] = bindparam("of", type_=Uuid)
_LAST = select(func.max(CheckoutAttempt.number)).where(CheckoutAttempt.checkout_id == _OF).scalar_subquery()
_OPEN_HOLD = and_(Hold.checkout_id == Checkout.id, ~exists().where(HoldEnd.hold_id == Hold.id))
_STATE = (
    select(
        CheckoutOutcome.kind, Hold, Hold.expires_at <= func.clock_timestamp(),
        CheckoutAttempt.number, CheckoutAttempt.run_id, WorkflowOutcome.kind,
    )
    .select_from(Checkout)
    .outerjoin(CheckoutOutcome, CheckoutOutcome.checkout_id == Checkout.id)
    .outerjoin(Hold, _OPEN_HOLD)
    .outerjoin(CheckoutAttempt, and_(CheckoutAttempt.checkout_id == Checkout.id, CheckoutAttempt.number == _LAST))
    .outerjoin(WorkflowOutcome, WorkflowOutcome.run_id == CheckoutAttempt.run_id)
    .where(Checkout.id == _OF)
)  # fmt: skip
"""A checkout has one open hold at most (I4), one outcome, and one last attempt."""
