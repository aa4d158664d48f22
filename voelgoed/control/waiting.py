"""Everything in an organization that waits for a person: money nobody knows of, refunds not sent, stuck work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from voelgoed.foundation.tenancy import current_scope
from voelgoed.foundation.web import identity
from voelgoed.foundation.workflow.person import StuckRun, stuck_runs
from voelgoed.selling.stuck_refunds import StuckRefund, stuck_refunds
from voelgoed.selling.unknown_charges import UnknownCharge, unknown_charges

COUNTED_FOR = 5.0  # seconds
_counts: dict[UUID, dict[UUID | None, tuple[float, int]]] = {}
"""Organization → seller (None: everybody) → when it was counted, and how much there was."""


@dataclass(frozen=True)
class Waiting:
    """What waits, by kind; `runs` are those that are neither a charge's nor a refund's."""

    charges: Sequence[UnknownCharge]
    refunds: Sequence[StuckRefund]
    runs: Sequence[StuckRun]

    def __len__(self) -> int:
        return len(self.charges) + len(self.refunds) + len(self.runs)


def waiting() -> Waiting:
    """Return what waits and the visitor may see: of who is limited, only what became of their own sales."""
    seller = _seller()
    charges, refunds = unknown_charges(seller), stuck_refunds(seller)
    told = {one.stuck.id for one in charges if one.stuck is not None} | {
        one.stuck.id for one in refunds if one.stuck is not None
    }
    runs = [one for one in stuck_runs() if one.stuck.id not in told] if seller is None else []
    return Waiting(charges, refunds, runs)


def _seller() -> UUID | None:
    who = identity()
    return who.actor.id if who.limited("charge.read") else None


def count() -> int:
    """Count what waits, for the bar of every page: as it was at most five seconds ago."""
    counts, seller = _counts.setdefault(current_scope().organization_id, {}), _seller()
    counted, number = counts.get(seller, (0.0, 0))
    if monotonic() - counted > COUNTED_FOR:
        number = len(waiting())
        counts[seller] = (monotonic(), number)
    return number


def count_anew() -> None:
    """Forget the counts of this organization: something was decided."""
    _counts.pop(current_scope().organization_id, None)
