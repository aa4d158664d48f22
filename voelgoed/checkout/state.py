"""How a checkout stands, as its rows say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import PlainSQL, read_once
from voelgoed.foundation.web import Problem, identity


@dataclass(frozen=True)
class Attempt:
    """The last try at paying: its number, its run, and how that ended (None while it runs)."""

    number: int
    run_id: UUID
    outcome: str | None


@dataclass(frozen=True)
class OpenHold:
    """A hold that has not ended, and until when it is meant to last."""

    id: UUID
    expires_at: datetime


@dataclass(frozen=True)
class State:
    """A checkout's outcome, its live hold, whether that is past its end, and the last attempt at paying.

    `house`: its places are kept for the house, to be sold or given up by who may keep them so.
    """

    outcome: str | None
    hold: OpenHold | None
    past: bool
    attempt: Attempt | None
    house: bool

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
    """Hold a checkout to the commit: paying, giving up and expiring take turns. Raises NotFound."""
    return read_once(("lock", checkout_id), lambda: _lock(checkout_id))


def _lock(checkout_id: UUID) -> Checkout:
    held = select(Checkout).where(Checkout.id == checkout_id).with_for_update(key_share=True)
    found = db.session.scalars(held).one_or_none()
    if found is None:
        raise NotFound("no such Checkout")
    return found


def state_of(checkout_id: UUID) -> State:
    """Read how a checkout stands, in one statement; lock it first to act on it."""
    return state_from(STATE.one(checkout_id=checkout_id))


def state_from(row: Any) -> State:
    """Make the state of a row of `state.sql`, or of one that has its columns."""
    hold = OpenHold(row.hold_id, row.expires_at) if row.hold_id else None
    attempt = Attempt(row.attempt, row.run_id, row.ended) if row.attempt is not None else None
    return State(row.outcome, hold, True if hold is None else bool(row.past), attempt, row.house)


def refuse_house(state: State) -> None:
    """Raise Problem 403 for places kept for the house, when whoever asks may not dispose of them."""
    if state.house and not identity().may("hold.house"):
        raise Problem(403, "not_yours", "Not yours to do",
                      "Nothing was changed. A manager sells or releases what is kept for the house.")  # fmt: skip


STATE = PlainSQL("checkout.state", Path(__file__).parent / "sql" / "state.sql")
