"""How a checkout stands, as its rows say."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

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
    """Read how a checkout stands; lock it first to act on it."""
    outcome = select(CheckoutOutcome.kind).where(CheckoutOutcome.checkout_id == checkout_id)
    live = (
        select(Hold, Hold.expires_at <= func.clock_timestamp())
        .outerjoin(HoldEnd, HoldEnd.hold_id == Hold.id)
        .where(Hold.checkout_id == checkout_id, HoldEnd.id.is_(None))
    )
    held = db.session.execute(live).one_or_none()
    hold, past = (held[0], bool(held[1])) if held else (None, True)
    return State(db.session.scalar(outcome), hold, past, _attempt(checkout_id))


def _attempt(checkout_id: UUID) -> Attempt | None:
    statement = (
        select(CheckoutAttempt.number, CheckoutAttempt.run_id, WorkflowOutcome.kind)
        .outerjoin(WorkflowOutcome, WorkflowOutcome.run_id == CheckoutAttempt.run_id)
        .where(CheckoutAttempt.checkout_id == checkout_id)
        .order_by(CheckoutAttempt.number.desc())
        .limit(1)
    )
    found = db.session.execute(statement).one_or_none()
    return Attempt(*found) if found else None
