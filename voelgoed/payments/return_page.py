"""The page to which a payer comes back from their bank or from the processor."""

from __future__ import annotations

from uuid import UUID

from voelgoed.checkout.checkout import Checkout
from voelgoed.checkout.state import state_of
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import PUBLIC, Answer, Page, Pages
from voelgoed.foundation.workflow import wake

pages = Pages("payment_return", __name__)


@pages.get("/checkouts/<uuid:checkout_id>/returned", allow=PUBLIC)
def returned(checkout_id: UUID) -> Answer:
    """Wake the sale, whatever the address says of it, and tell the payer how it stands; of the sale nothing else."""
    checkout = rows(Checkout).get(checkout_id)
    state = state_of(checkout.id)
    if state.attempt is not None and state.paying:
        wake(state.attempt.run_id)
    return Page("payments/returned.html", word=state.word)
