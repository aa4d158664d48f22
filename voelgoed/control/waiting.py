"""What waits for a person: money nobody knows of, refunds not sent, stuck work, invoices that name nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from voelgoed.checkout.checkout import Checkout
from voelgoed.foundation.tenancy import current_scope, rows
from voelgoed.foundation.web import identity
from voelgoed.foundation.workflow.journal import WorkflowRun
from voelgoed.foundation.workflow.person import StuckRun, stuck_runs
from voelgoed.selling.invoices_waiting import WaitingInvoice, waiting_invoices
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
    invoices: Sequence[WaitingInvoice] = ()

    def __len__(self) -> int:
        return len(self.charges) + len(self.refunds) + len(self.runs) + len(self.invoices)

    def sale_of(self, run: WorkflowRun) -> Checkout | None:
        """Return the sale that a run is about, if it says so."""
        named = run.inputs.get("bought_id") or run.inputs.get("checkout_id")
        return rows(Checkout).filter(Checkout.id == UUID(str(named))).one_or_none() if named else None


def waiting() -> Waiting:
    """Return what waits and the visitor may see: of who is limited, only what became of their own sales."""
    return _waiting(_seller())


def _waiting(seller: UUID | None) -> Waiting:
    charges, refunds = unknown_charges(seller), stuck_refunds(seller)
    told = {one.stuck.id for one in charges if one.stuck is not None} | {
        one.stuck.id for one in refunds if one.stuck is not None
    }
    runs = [one for one in stuck_runs() if one.stuck.id not in told] if seller is None else []
    return Waiting(charges, refunds, runs, waiting_invoices(seller))


def _seller() -> UUID | None:
    who = identity()
    return who.actor.id if who.limited("charge.read") else None


def count() -> int:
    """Count what waits, for the bar of every page: as it was at most five seconds ago."""
    counts, seller = _counts.setdefault(current_scope().organization_id, {}), _seller()
    counted, number = counts.get(seller, (0.0, 0))
    if monotonic() - counted > COUNTED_FOR:
        number = len(_waiting(seller))
        counts[seller] = (monotonic(), number)
    return number


def count_anew() -> None:
    """Forget the counts of this organization: something was decided."""
    _counts.pop(current_scope().organization_id, None)


def count_of_all() -> int:
    """Count what waits in the whole organization, now: what those are told who may see all of it."""
    return len(_waiting(None))
